"""What the functions logged, all of them in one list."""
