"""The two web interfaces' pages: templates, static files, words. Knows the domain, nothing of AWS."""
