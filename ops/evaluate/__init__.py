"""`ai-marketplace evaluate`: the demo sellers' questions, asked of the real assistant behind the real guard."""
