"""Sellers let in, suspended, and taken away, from an operator's machine."""
