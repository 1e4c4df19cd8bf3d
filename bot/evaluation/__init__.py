"""How good the answers are: labelled questions and verdicts -> figures, compared with a run before.

labels -> measured -> figures -> tables or JSON.
"""
