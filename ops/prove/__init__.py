"""The proof: every promise, whatever fails, against the real handlers and adapters on an embedded AWS."""
