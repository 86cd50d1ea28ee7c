"""What the template says a deployment is made of: transformed, its conditions and references resolved."""
