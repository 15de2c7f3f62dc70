import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.identity.appearance import similarity
from edge_core.identity.gallery import NEWEST, Gallery

steps = st.lists(st.tuples(st.integers(0, 150), st.integers(1, 6)), min_size=1, max_size=200)


@given(steps=steps, seed=st.integers(0, 99))
def test_the_gallery_says_what_comparing_one_by_one_says(steps, seed):
    rng = np.random.default_rng(seed)
    gallery, known = Gallery(), {}
    for name, owner in steps:
        if name in known and owner == 1:
            gallery.drop(name)
            del known[name]
            continue
        row = rng.normal(size=32).astype(np.float32)
        gallery.put(name, owner, row / np.linalg.norm(row))
        known[name] = (owner, row / np.linalg.norm(row))
    assert len(gallery) == len(known)
    owners = np.array([5, 2, 6, 3])
    query = rng.normal(size=32).astype(np.float32)
    query /= np.linalg.norm(query)
    mine = [row for owner, row in known.values() if owner == 4][-NEWEST:]
    best, means = gallery.best(query, owners), gallery.means(np.array([4]), owners)[0]
    for place, owner in enumerate(owners.tolist()):
        theirs = [row for whose, row in known.values() if whose == owner]
        if not theirs:
            assert np.isnan(best[place])
        else:
            assert best[place] == pytest.approx(similarity(query, theirs), abs=1e-5)
        if not theirs or not mine:
            assert np.isnan(means[place])
        else:
            each = [similarity(row, [other]) for row in mine for other in theirs[-NEWEST:]]
            assert means[place] == pytest.approx(np.mean(each), abs=1e-5)


def test_a_template_goes_with_its_track_to_another_owner(look):
    gallery = Gallery()
    gallery.put("track", 1, look(5))
    gallery.give("track", 2)
    found = gallery.best(look(5), np.array([1, 2]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(1, abs=1e-4)
    gallery.drop("track")
    assert np.isnan(gallery.best(look(5), np.array([2]))[0])
