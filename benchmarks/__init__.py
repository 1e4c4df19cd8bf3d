"""Explainer beside a textbook retriever, and beside other ways to rank."""
