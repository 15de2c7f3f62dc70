"""A* against Dijkstra's algorithm on random houses."""

from itertools import combinations
from math import dist

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.suggest.routes_network import Edge, Mode, Passing, RouteNetwork, Spot

KINDS = ("lift", "escalator", "stairs")
coordinate = st.integers(0, 60)


@st.composite
def houses(draw):
    """Up to four floors of up to six spots, walks and rides between any of them."""
    spots = [
        Spot(f"f{level}", level, (draw(coordinate), draw(coordinate)))
        for level in range(draw(st.integers(1, 4)))
        for _ in range(draw(st.integers(1, 6)))
    ]
    edges = []
    for one, other in combinations(range(len(spots)), 2):
        a, b = spots[one], spots[other]
        if not draw(st.booleans()):
            continue
        length = dist(a.at_m, b.at_m)
        if a.level == b.level:
            edge = Edge("walk", length * draw(st.floats(1.0, 1.5)))
        else:
            kind = draw(st.sampled_from(KINDS))
            edge = Edge(kind, length, draw(st.floats(0.0, 90.0)), f"{kind}{one}-{other}")
        edges += [(one, other, edge)] if draw(st.booleans()) else []
        edges += [(other, one, edge)] if edge.kind == "walk" or draw(st.booleans()) else []
    closed = draw(st.sets(st.sampled_from([e.connector for _, _, e in edges] or [""])))
    slow = draw(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.floats(1, 5)))
    passing = Passing(
        draw(st.sampled_from(Mode)),
        frozenset(closed - {""}),
        slowness=lambda a, b: slow.get((a % 10, b % 10), 1.0),
    )
    return RouteNetwork(spots, edges, {}), edges, passing


def dijkstra(spots, edges, passing):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(spots)))
    for one, other, edge in edges:
        seconds = passing.seconds(one, other, edge)
        if seconds is not None:
            graph.add_edge(one, other, weight=seconds)
    return graph


@settings(max_examples=80, deadline=None)
@given(houses())
def test_a_star_finds_what_dijkstra_finds(house):
    network, edges, passing = house
    goal = len(network.spots) - 1
    oracle = dijkstra(network.spots, edges, passing)
    way = network.shortest(0, goal, passing)
    try:
        expected = nx.dijkstra_path_length(oracle, 0, goal)
    except nx.NetworkXNoPath:
        assert way is None
    else:
        assert way is not None
        assert way.seconds == pytest.approx(expected, abs=1e-6)
        assert (way.spots[0], way.spots[-1]) == (0, goal)


@settings(max_examples=80, deadline=None)
@given(houses())
def test_the_lower_bound_is_consistent(house):
    network, edges, passing = house
    goal = len(network.spots) - 1
    for one, other, edge in edges:
        seconds = passing.seconds(one, other, edge)
        if seconds is not None:
            here = network.least_seconds(one, goal, passing.mode)
            there = network.least_seconds(other, goal, passing.mode)
            assert here <= seconds + there + 1e-9
