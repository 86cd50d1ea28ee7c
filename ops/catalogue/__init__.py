"""A tenant's catalogue, from an operator's machine."""
