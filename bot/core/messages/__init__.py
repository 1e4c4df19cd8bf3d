"""What is said, before a surface gives it a form."""
