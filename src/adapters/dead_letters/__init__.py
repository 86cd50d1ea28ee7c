"""Dead letters: what lies there and why, and back to work in the customers' order. For operators' command and page."""
