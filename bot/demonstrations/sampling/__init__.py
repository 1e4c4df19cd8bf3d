"""Temperature and top-p on a small distribution.

The packaged model writes no words, so the candidates are topics, and their scores are how similar
the model finds them to the member's text. Temperature divides the scores before the softmax;
top-p keeps the fewest of the most probable candidates that together reach p. Sources: Ackley,
Hinton and Sejnowski, "A Learning Algorithm for Boltzmann Machines" (1985), and Holtzman et al.,
"The Curious Case of Neural Text Degeneration" (2019), https://arxiv.org/abs/1904.09751.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
from scipy.special import softmax

from bot.core.demonstration import Demonstration, ImageFormat, Options, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.sampling.picture import Distribution, draw_sampling, percent

SCALE = 10.0
"""What a cosine similarity is multiplied by to be a score: from 0 to 10 instead of 0 to 1."""

MOST = 10
"""How many candidates a picture has room for."""

_TEMPERATURES = (0.05, 5.0)
_SHARES = (0.05, 1.0)
_NUCLEI = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)
_ROUNDING = 1e-9
_SMALL_PRINT = (
    f"Candidates are topics, as the packaged model writes no words. Score: similarity × {SCALE:g}. "
    "Temperature divides the scores, softmax turns them into shares. Blue: what top-p keeps. "
    "Line: the shares summed up from the top."
)
_QUESTION = "What is the difference between temperature and nucleus sampling?"


def show_sampling(
    showing: Showing, logits: Mapping[str, float], format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Show what temperature and top-p do to the chances of candidates.

    Args:
        showing: its options are ``temperature`` (0.05 to 5; 1 if not given) and ``top_p``
            (0.05 to 1; 0.9 if not given).
        logits: the candidates and their scores; of more than ten, the best ten are shown.
        format_: what to write the picture as.

    Raises:
        DemonstrationRefused: there are no candidates, or an option is impossible.
    """
    if not logits:
        raise DemonstrationRefused("There is nothing to choose from: write a text about a topic.")
    temperature = _option(showing.options, "temperature", "1", _TEMPERATURES)
    top_p = _option(showing.options, "top_p", "0.9", _SHARES)
    names = sorted(logits, key=lambda name: -logits[name])[:MOST]
    scores = [logits[name] for name in names]
    colder, mine, warmer = (
        distribution(scores, heat, top_p)
        for heat in (temperature / 2, temperature, temperature * 2)
    )
    findings = _findings(names, colder, mine, warmer)
    return Demonstration(
        title=(title := _title(mine, warmer)),
        picture=draw_sampling(title, names, (colder, mine, warmer), _SMALL_PRINT, format_),
        alt=f"Bars of the shares of {_counted(len(names))} at the temperatures "
        f"{colder.temperature:g}, {mine.temperature:g} and {warmer.temperature:g}, those that "
        f"top-p {top_p:g} keeps in colour. {findings[0]}",
        findings=findings,
        words=_words(names, (colder, mine, warmer)),
        question=_QUESTION,
        note="The packaged model doesn't write words, so the candidates are topics, and a score is "
        f"the similarity of a topic's best passage with the text × {SCALE:g}.",
        steps=_ways_on(temperature, top_p),
    )


def distribution(scores: Sequence[float], temperature: float, top_p: float) -> Distribution:
    """Turn scores, the highest first, into chances, and find the nucleus."""
    shares = tuple(softmax(np.array(scores) / temperature).tolist())
    sums = tuple(accumulate(shares))
    before = sum(total < top_p - _ROUNDING for total in sums)
    kept = len(shares) if top_p == 1 else min(before + 1, len(shares))
    return Distribution(temperature, top_p, shares, sums, kept)


def _option(options: Options, name: str, default: str, bounds: tuple[float, float]) -> float:
    text = options.get(name, default)
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    least, most = bounds
    if not least <= value <= most:
        raise DemonstrationRefused(
            f"{name.capitalize().replace('_', '-')} can't be that: "
            f"write a number from {least:g} to {most:g}."
        )
    return value


def _title(mine: Distribution, warmer: Distribution) -> str:
    if mine.count == 1:
        return "The only candidate is drawn at every temperature"
    if mine.top_p == 1:
        return f"Top-p 1 cuts nothing: {_counted(mine.count)} can be drawn"
    reach = f"reach{'es' if mine.kept == 1 else ''} {percent(mine.top_p)}"
    here = f"At temperature {mine.temperature:g}, {mine.kept} of {_counted(mine.count)} {reach}"
    if warmer.kept == mine.kept:
        return f"{here}, and at {warmer.temperature:g} as well"
    return f"{here}; at {warmer.temperature:g} it takes {warmer.kept}"


def _findings(names: Sequence[str], *distributions: Distribution) -> tuple[str, ...]:
    colder, mine, warmer = distributions
    first = (
        f"“{names[0]}” has {percent(colder.shares[0])} at {colder.temperature:g}, "
        f"{percent(mine.shares[0])} at {mine.temperature:g} and "
        f"{percent(warmer.shares[0])} at {warmer.temperature:g}."
    )
    return f"{_title(mine, warmer)}.", first, _cut(mine)


def _cut(mine: Distribution) -> str:
    cut = mine.count - mine.kept
    if not cut:
        return f"At {mine.temperature:g}, top-p {mine.top_p:g} keeps all of them."
    held = percent(1 - mine.sums[mine.kept - 1])
    return (
        f"At {mine.temperature:g}, top-p {mine.top_p:g} cuts {_counted(cut)} with {held} in all, "
        f"and the best one's share rises to {percent(mine.shares[0] / mine.sums[mine.kept - 1])}."
    )


def _words(names: Sequence[str], distributions: Sequence[Distribution]) -> tuple[str, ...]:
    """Share and sum of each candidate at each temperature; what is cut stands in brackets."""
    width = min(36, max(map(len, names)))
    head = "".join(f"{f'temperature {each.temperature:g}':>18}" for each in distributions)
    rows = [
        name[:width].ljust(width) + "".join(_cell(each, number) for each in distributions)
        for number, name in enumerate(names)
    ]
    what = (
        f"Share and sum of the shares; top-p {distributions[0].top_p:g} cuts what is in brackets."
    )
    return what, " " * width + head, *rows


def _cell(each: Distribution, number: int) -> str:
    cell = f"{percent(each.shares[number])} {percent(each.sums[number]):>7}"
    return f"{cell if number < each.kept else f'({cell})':>18}"


def _ways_on(temperature: float, top_p: float) -> tuple[Step, ...]:
    coldest, warmest = _TEMPERATURES
    colder, warmer = max(coldest, temperature / 2), min(warmest, temperature * 2)
    smaller = max((share for share in _NUCLEI if share < top_p), default=top_p)
    larger = min((share for share in _NUCLEI if share > top_p), default=top_p)
    ways = (
        ("Colder", colder, top_p),
        ("Warmer", warmer, top_p),
        ("Smaller nucleus", temperature, smaller),
        ("Larger nucleus", temperature, larger),
    )
    return tuple(
        Step(label, {"temperature": f"{heat:g}", "top_p": f"{share:g}"})
        for label, heat, share in ways
        if (heat, share) != (temperature, top_p)
    )


def _counted(count: int) -> str:
    return "1 candidate" if count == 1 else f"{count} candidates"
