"""Whether a deployment works: rows, indexes, topics, and one message all the way."""
