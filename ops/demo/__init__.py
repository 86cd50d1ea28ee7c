"""The demo: a day of WhatsApp traffic through the real functions, and an account of what it left in every table.

Its data stand beside: the sellers (`tenants.json`), their catalogues, and the day (`day.json`).
"""
