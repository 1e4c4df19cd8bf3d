"""What several demonstrations do with texts: part them, find words in them, show excerpts."""
