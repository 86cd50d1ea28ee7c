"""What became of each update that the webhook accepted, told from the stored rows alone."""
