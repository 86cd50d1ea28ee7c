"""The business in plain Python: things, use cases, and the ports through which they reach the world."""
