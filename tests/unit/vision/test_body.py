"""Body attributes from person crops."""

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.vision import load_body_attributes
from edge_core.vision.body import (
    BODY_ATTRIBUTES,
    BODY_ATTRIBUTES_ON,
    BodyAttributes,
    look_weights,
)


@pytest.fixture(scope="module")
def model():
    return load_body_attributes(provider="cpu")


def crops(*sizes):
    random = np.random.default_rng(3)
    return [random.integers(0, 255, (*size, 3), dtype=np.uint8) for size in sizes]


def test_every_crop_gets_a_probability_for_every_attribute(model):
    found = model.predict(crops((90, 40), (256, 128), (30, 30)))
    assert len(found) == 3
    assert found.probability.shape == (3, len(BODY_ATTRIBUTES))
    assert ((found.probability > 0) & (found.probability < 1)).all()
    assert found.of("hat").tolist() == found.probability[:, 3].tolist()


def test_a_crop_is_read_alike_alone_and_among_others(model):
    some = crops((160, 80), (120, 70), (200, 90))
    together = model.predict(some).probability
    alone = np.concatenate([model.predict([one]).probability for one in some])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_no_crops_give_no_rows(model):
    assert len(model.predict([])) == 0


def test_grey_pictures_are_refused(model):
    with pytest.raises(ValueError, match="crop"):
        model.predict([np.zeros((90, 40), np.uint8)])


def test_an_unknown_attribute_or_model_is_refused(model):
    with pytest.raises(ValueError, match="tuple"):
        model.predict([]).of("mood")
    with pytest.raises(ModelError, match="No body-attributes is named 'person-s'"):
        load_body_attributes("person-s")


def test_no_attribute_is_on_that_has_not_earned_it():
    assert BODY_ATTRIBUTES_ON == ()


def test_the_shape_is_checked():
    with pytest.raises(ValueError, match="probability"):
        BodyAttributes(np.zeros((2, 3), np.float32))


def test_legs_out_of_sight_tell_nothing_of_trousers_and_all_of_hats():
    visible = np.array([[0.6, 1, 0.5, 0.1], [1, 1, 1, 1]], np.float32)
    rows = look_weights(np.array([0.8, 0.5], np.float32), visible)
    weight = dict(zip(BODY_ATTRIBUTES, rows[0].tolist(), strict=True))
    assert weight["hat"] == weight["long_hair"] == pytest.approx(0.8)
    assert weight["long_sleeves"] == weight["coat"] == pytest.approx(0.4)
    assert weight["female"] == pytest.approx(0.48)
    assert weight["long_trousers"] == 0
    assert rows[1] == pytest.approx(0.5)
