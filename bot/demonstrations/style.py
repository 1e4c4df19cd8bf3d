"""How all pictures look: one palette, one type, one card."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

from bot.core.demonstration import ImageFormat

PAPER, INK, FAINT = "#FBFAF7", "#22262B", "#8B9096"
BLUE, ORANGE, GREEN, VIOLET = "#0072B2", "#D55E00", "#009E73", "#7B5EA7"
"""From the palette of Okabe and Ito, which people of any colour vision can tell apart."""

DPI = 160


def card(width: float, height: float) -> Figure:
    """An empty card that is legible on light and dark backgrounds; sizes in inches."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)
    figure.set_layout_engine("none")
    return figure


def written(figure: Figure, format_: ImageFormat) -> bytes:
    """A picture as the bytes of a file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format_, facecolor=figure.get_facecolor())
    return buffer.getvalue()
