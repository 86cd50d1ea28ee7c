"""What a business may send: one model per message type, with the limits that Meta documents."""
