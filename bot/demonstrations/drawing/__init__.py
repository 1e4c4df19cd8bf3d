"""How all pictures look: one palette, one type, one card."""
