"""The terminal: what is typed -> the core -> text with colours where there are any."""
