"""Question -> answer of which every sentence is proven."""
