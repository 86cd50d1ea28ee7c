"""Customers and their identities: who is known by what, and two who were taken for one made two again."""
