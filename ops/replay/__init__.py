"""Recorded webhook bodies, posted again and followed until each update has settled."""
