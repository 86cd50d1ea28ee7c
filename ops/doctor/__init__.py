"""What ails a deployment on Meta's side and in its secrets. Asks, and changes nothing."""
