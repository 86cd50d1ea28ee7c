"""One customer of one seller: everything that is stored of them, handed out or deleted."""
