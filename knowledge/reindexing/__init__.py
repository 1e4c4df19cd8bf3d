"""The transaction: gather -> diff -> keep -> embed -> stage -> verify -> publish -> forget.

Until the pointer moves nothing refers to what the steps before wrote, so whatever dies, the old
edition serves on and the next reindex continues with what is already embedded.
"""

from __future__ import annotations

from knowledge.reindexing.diff import Diff
from knowledge.reindexing.order import Order, Parts, Report
from knowledge.reindexing.progress import Progress, Step
from knowledge.reindexing.transaction import Reindexer

__all__ = ["Diff", "Order", "Parts", "Progress", "Reindexer", "Report", "Step"]
