"""A graph in layers: which row and column each node, and each bend of an edge, stands in.

Source: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
Structures" (1981): long edges pass through a bend in each layer, and the barycentre heuristic
orders the layers so that few edges cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 24

Node = tuple[str, int]
"""The id of a node and its layer; a bend has the ids of both ends of its edge."""


@dataclass(frozen=True)
class Layers:
    """Where everything stands.

    Args:
        rows: the nodes and bends of each layer, from left to right.
        edges: for each edge all nodes that it passes through, from its start to its end.
    """

    rows: tuple[tuple[Node, ...], ...]
    edges: tuple[tuple[Node, ...], ...]


def in_layers(depths: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> Layers:
    """Order nodes within their layers.

    Args:
        depths: the layer of each node, from 0 on.
        edges: pairs of nodes, each from a lower layer to a higher one.
    """
    chains = tuple(_chain(start, end, depths) for start, end in edges)
    rows: list[list[Node]] = [[] for _ in range(max(depths.values()) + 1)]
    for node in dict.fromkeys((*depths.items(), *(node for chain in chains for node in chain))):
        rows[node[1]].append(node)
    best, fewest = [list(row) for row in rows], _crossings(rows, chains)
    for _ in range(_SWEEPS):
        _sweep(rows, chains)
        if (crossings := _crossings(rows, chains)) < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return Layers(tuple(map(tuple, best)), chains)


def _chain(start: str, end: str, depths: Mapping[str, int]) -> tuple[Node, ...]:
    bends = ((f"{start} {end}", layer) for layer in range(depths[start] + 1, depths[end]))
    return ((start, depths[start]), *bends, (end, depths[end]))


def _sweep(rows: list[list[Node]], chains: Sequence[Sequence[Node]]) -> None:
    """Put each node near the middle of those above it, then of those below it."""
    above, below = defaultdict(list), defaultdict(list)
    for chain in chains:
        for upper, lower in pairwise(chain):
            above[lower].append(upper)
            below[upper].append(lower)
    for row in rows[1:]:
        _sort(row, rows, above)
    for row in rows[-2::-1]:
        _sort(row, rows, below)


def _sort(
    row: list[Node], rows: Sequence[Sequence[Node]], joined: Mapping[Node, Sequence[Node]]
) -> None:
    at = {node: place for each in rows for node, place in _spread(each)}

    def middle(node: Node) -> float:
        places = [at[other] for other in joined.get(node, ())]
        return sum(places) / len(places) if places else at[node]

    row.sort(key=middle)


def _spread(row: Sequence[Node]) -> list[tuple[Node, float]]:
    return [(node, number - (len(row) - 1) / 2) for number, node in enumerate(row)]


def _crossings(rows: Sequence[Sequence[Node]], chains: Sequence[Sequence[Node]]) -> int:
    at = {node: number for row in rows for number, node in enumerate(row)}
    pieces: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chain in chains:
        for upper, lower in pairwise(chain):
            pieces[upper[1]].append((at[upper], at[lower]))
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0
        for layer in pieces.values()
        for number, one in enumerate(layer)
        for other in layer[:number]
    )
