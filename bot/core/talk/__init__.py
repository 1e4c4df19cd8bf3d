"""What is said in a chat, and when."""
