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


def markdown(table: Table) -> str:
    """A table of plain text as Markdown, its title above it."""
    head = [str(column.header) for column in table.columns]
    rule = ["---"] + ["---:"] * (len(head) - 1)
    rows = zip(*(map(str, column.cells) for column in table.columns), strict=True)
    lines = (f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
    return f"**{table.title}**\n\n" + "\n".join(lines) + "\n"
