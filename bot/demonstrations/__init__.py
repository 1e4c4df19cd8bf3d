"""Concepts as pictures."""
