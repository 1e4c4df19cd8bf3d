"""Trains the packaged reader: a low-rank adapter that lets the packaged model read pairs of texts.

Nobody needs it to run or test Explainer; the trained adapter is shipped. See README.md beside this.
"""
