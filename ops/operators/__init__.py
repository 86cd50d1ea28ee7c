"""Who operates the marketplace."""
