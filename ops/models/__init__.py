"""A language model for a command that asks one: nothing is counted for a seller, and no order is looked up."""
