"""`ai-marketplace rehearse`: an old conversation, answered again by today's assistant; nothing is sent or written."""
