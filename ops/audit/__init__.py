"""What is declared against what is deployed."""
