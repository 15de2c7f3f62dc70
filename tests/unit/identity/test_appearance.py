import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.identity.appearance import Appearance, similarity


def test_poor_crops_are_not_remembered(look):
    appearance = Appearance()
    assert not appearance.add(look(1), 0.1)
    assert appearance.template is None
    assert appearance.add(look(1), 0.9)


def test_better_crops_weigh_more(look):
    appearance = Appearance()
    appearance.add(look(1), 0.9)
    appearance.add(look(2), 0.3)
    template = appearance.template
    assert template is not None
    assert similarity(template, [look(1)]) > 0.9 > similarity(template, [look(2)])


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0.2, 1.0)), min_size=1, max_size=6))
def test_a_template_has_unit_length_and_blocks_of_equal_length(look, crops):
    appearance = Appearance()
    for person, quality in crops:
        appearance.add(look(person), quality)
    template = appearance.template
    assert template is not None
    lengths = np.linalg.norm(template.reshape(4, 256), axis=1)
    assert lengths == pytest.approx(np.full(4, 0.5), abs=1e-3)


def test_similarity_is_the_best_of_several_looks_and_the_mean_over_blocks(look):
    assert similarity(look(1), [look(2), look(1, 0.8)]) == pytest.approx(0.8, abs=1e-4)
    half = np.concatenate([look(1)[:512], look(2)[512:]])
    assert similarity(look(1), [half]) == pytest.approx(0.5, abs=0.1)
    assert similarity(look(1), []) == -1


def masked(row, *visible):
    """A row whose blocks' lengths say how much of each part was seen."""
    parts = (row.reshape(4, 256) * np.array(visible)[:, None]).ravel()
    return (parts / np.linalg.norm(parts)).astype(np.float32)


def test_what_one_side_does_not_show_does_not_count(look):
    mine, legs_of_another = look(1), np.concatenate([look(1)[:768], look(2)[768:]])
    assert similarity(mine, [legs_of_another]) < 0.85
    assert similarity(mine, [masked(legs_of_another, 1, 1, 1, 0)]) == pytest.approx(1, abs=1e-4)
    assert similarity(masked(mine, 1, 1, 1, 0), [legs_of_another]) == pytest.approx(1, abs=1e-4)


def test_nothing_seen_of_both_speaks_for_nothing(look):
    upper, lower = masked(look(1), 0, 1, 0, 0), masked(look(1), 0, 0, 0, 1)
    assert similarity(upper, [lower]) == 0


def test_a_part_once_seen_well_is_known_from_then_on(look):
    appearance = Appearance()
    appearance.add(masked(look(1), 0.5, 1, 0.5, 0), 0.9)
    assert appearance.template is not None
    before = np.linalg.norm(appearance.template.reshape(4, 256), axis=1)
    assert before[3] == 0
    appearance.add(look(1), 0.9)
    after = np.linalg.norm(appearance.template.reshape(4, 256), axis=1)
    assert after == pytest.approx(np.full(4, 0.5), abs=1e-3)
    assert similarity(look(1), [appearance.template]) == pytest.approx(1, abs=1e-4)
