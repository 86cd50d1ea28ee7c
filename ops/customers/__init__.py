"""One customer of one seller: who they are, what is stored of them, handed out or deleted."""
