"""How every table looks."""

from __future__ import annotations

from rich import box
from rich.table import Table


def plain_table(title: str, *columns: str) -> Table:
    """A table of figures; its first column names the rows."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column()
    for column in columns:
        table.add_column(column, justify="right")
    return table
