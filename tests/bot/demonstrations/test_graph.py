"""Where the nodes of a graph stand, and through where its edges pass."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demonstrations.path.graph import Layers, in_layers

Edges = list[tuple[str, str]]


def crossings(layers: Layers) -> int:
    """How many pairs of pieces of edges cross, counted anew."""
    at = {node: place for row in layers.rows for place, node in enumerate(row)}
    pieces = [piece for chain in layers.edges for piece in pairwise(chain)]
    return sum(
        one[0][1] == other[0][1] and (at[one[0]] - at[other[0]]) * (at[one[1]] - at[other[1]]) < 0
        for one, other in combinations(pieces, 2)
    )


def nodes_of(row: Sequence[tuple[str, int]]) -> list[str]:
    return [name for name, _ in row]


def test_each_node_stands_in_its_layer() -> None:
    layers = in_layers({"a": 0, "b": 0, "c": 1}, [("a", "c"), ("b", "c")])
    assert [sorted(nodes_of(row)) for row in layers.rows] == [["a", "b"], ["c"]]


def test_edges_that_need_not_cross_do_not_cross() -> None:
    depths = {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}
    edges = [("a", "z"), ("b", "y"), ("c", "x")]
    assert crossings(in_layers(depths, edges)) == 0


def test_no_order_has_fewer_crossings_than_two_complete_layers_need() -> None:
    edges = [(upper, lower) for upper in "abc" for lower in "xyz"]
    depths = dict.fromkeys("abc", 0) | dict.fromkeys("xyz", 1)
    assert crossings(in_layers(depths, edges)) == 9


def test_a_long_edge_bends_in_every_layer_between() -> None:
    layers = in_layers({"a": 0, "b": 1, "c": 2, "d": 3}, [("a", "b"), ("a", "d")])
    assert layers.edges[1] == (("a", 0), ("a d", 1), ("a d", 2), ("d", 3))
    assert ("a d", 1) in layers.rows[1]
    assert ("a d", 2) in layers.rows[2]


def test_a_node_alone_is_a_layer() -> None:
    assert in_layers({"a": 0}, []) == Layers(((("a", 0),),), ())


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, int], Edges]:
    """Nodes in layers without gaps, and edges that lead downwards."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    depths = {f"n{layer}.{n}": layer for layer, size in enumerate(sizes) for n in range(size)}
    down = [(a, b) for a in depths for b in depths if depths[a] < depths[b]]
    edges = draw(st.lists(st.sampled_from(down), unique=True, max_size=12)) if down else []
    return depths, edges


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_the_chain_of_every_edge_passes_each_layer_once(
    graph: tuple[dict[str, int], Edges],
) -> None:
    depths, edges = graph
    layers = in_layers(depths, edges)
    for (start, end), chain in zip(edges, layers.edges, strict=True):
        assert (chain[0][0], chain[-1][0]) == (start, end)
        assert [layer for _, layer in chain] == list(range(depths[start], depths[end] + 1))
        assert all(node in layers.rows[node[1]] for node in chain)


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_nothing_is_lost_and_nothing_stands_twice(graph: tuple[dict[str, int], Edges]) -> None:
    depths, edges = graph
    layers = in_layers(depths, edges)
    standing = [node for row in layers.rows for node in row]
    bends = sum(depths[end] - depths[start] - 1 for start, end in edges)
    assert len(standing) == len(set(standing)) == len(depths) + bends


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_ordering_never_adds_crossings(graph: tuple[dict[str, int], Edges]) -> None:
    depths, edges = graph
    layers = in_layers(depths, edges)
    nodes = dict.fromkeys((*depths.items(), *(node for chain in layers.edges for node in chain)))
    rows = tuple(
        tuple(node for node in nodes if node[1] == layer) for layer in range(len(layers.rows))
    )
    assert crossings(layers) <= crossings(Layers(rows, layers.edges))
