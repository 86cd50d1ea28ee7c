"""Resources made by hand come under the stack, as they are."""
