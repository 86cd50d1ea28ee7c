"""Dead letters: what lies there and why, back to work in the customers' order, or away without being lost."""
