"""How many messages a second a deployment carries, what breaks first, and what it costs: reckoned, without AWS."""
