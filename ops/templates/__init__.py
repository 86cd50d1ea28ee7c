"""The message templates of the sellers' accounts: read from Meta into the catalogue, and shown."""
