"""What was deployed when, from the stack's own history."""
