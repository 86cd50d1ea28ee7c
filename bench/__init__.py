"""Measurements of the whole stack: `python -m bench` runs them all, `python -m bench --list` names them."""
