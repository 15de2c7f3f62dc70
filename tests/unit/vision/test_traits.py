"""Attributes joined over a track: told when it ends, and only where they may be counted."""

import numpy as np
import pytest

from edge_core.config import AttributesConfig, CameraConfig
from edge_core.types import Detections, Tracks
from edge_core.vision.body import BODY_ATTRIBUTES, BodyAttributes
from edge_core.vision.face import FaceAttributes
from edge_core.vision.face_detect import Faces
from edge_core.vision.pipeline import CameraPipeline
from edge_core.vision.traits import TraitModels, TraitReader

S = 10**9
PERSON = np.array([[100.0, 20.0, 160.0, 200.0]], np.float32)
NOBODY = np.zeros((0, 4), np.float32)


class Body:
    """Sees a hat and a bag on everybody, and is not sure of the coat."""

    def predict(self, crops):
        p = np.full((len(crops), 8), 0.02, np.float32)
        for name, value in (("hat", 0.97), ("bag", 0.97), ("coat", 0.6)):
            p[:, BODY_ATTRIBUTES.index(name)] = value
        return BodyAttributes(p)


class FindsFaces:
    """A face of 48 pixels at the top of each person."""

    def detect_on_people(self, frame, people_px):
        found = []
        for x1, y1, *_ in people_px.tolist():
            box = np.array([[x1 + 6, y1, x1 + 54, y1 + 48]], np.float32)
            points = np.array([[20, 18], [40, 18], [30, 28], [22, 38], [38, 38]], np.float32)
            points += (x1, y1)
            found.append(Faces(box, np.ones(1, np.float32), points[None]))
        return found


class ReadsFaces:
    """Everybody is a woman of a given age."""

    def __init__(self, years, p_minor):
        self.years, self.p_minor = years, p_minor

    def predict(self, chips):
        told = (self.years, 0.95, self.p_minor)
        return FaceAttributes(*(np.full(len(chips), one, np.float32) for one in told))


def picture():
    return np.random.default_rng(0).integers(0, 256, (240, 320, 3)).astype(np.uint8)


def told(models, seconds):
    """What is told of one track that lasts so long, at ten frames a second."""
    reader, frame = TraitReader(models), picture()
    ids, nobody = np.array([7]), np.zeros(0, np.int64)
    for index in range(round(10 * seconds)):
        tracks = Tracks(ids, PERSON, np.ones(1, np.float32), nobody)
        assert reader.look(frame, tracks, np.ones(1, np.float32), S + index * S // 10) == ()
    over = Tracks(nobody, NOBODY, np.zeros(0, np.float32), ids)
    [last] = reader.look(frame, over, np.zeros(0, np.float32), 100 * S)
    assert last.track_id == 7
    return last


def test_only_attributes_that_are_switched_on_and_sure_are_told():
    last = told(TraitModels(("hat", "coat"), Body()), 4)
    assert set(last.probability) == {"hat"}
    assert last.probability["hat"] > 0.9
    assert last.age_years is None


def test_one_glance_tells_nothing():
    assert told(TraitModels(("hat",), Body()), 0.4).probability == {}


def test_a_grown_up_faces_gender_and_age_are_told():
    last = told(TraitModels(faces=(FindsFaces(), ReadsFaces(41, 0.02))), 4)
    assert last.probability["female"] > 0.8
    assert last.age_years == pytest.approx(41)


@pytest.mark.parametrize("p_minor", [0.5, 0.97])
def test_nobodys_gender_is_told_who_may_be_a_child(p_minor):
    last = told(TraitModels(faces=(FindsFaces(), ReadsFaces(10, p_minor))), 4)
    assert "female" not in last.probability


def test_nothing_is_looked_at_by_default():
    assert TraitModels.load(AttributesConfig()) is None


def test_the_pipeline_tells_when_a_track_ends():
    class Walks:
        size_px = 320

        def detect(self, images):
            seen = images[0].any()
            boxes = PERSON if seen else NOBODY
            return [Detections(boxes, np.full(len(boxes), 0.9, np.float32))]

    camera = CameraConfig(id="door", source="usb:0")
    pipeline = CameraPipeline(camera, Walks(), None, epoch=1, traits=TraitModels(("hat",), Body()))
    some = []
    for index in range(200):
        frame = picture() if index < 40 else np.zeros((240, 320, 3), np.uint8)
        now = S + index * S // 10
        seen = pipeline.process(frame, mono_ns=now, utc_ns=now, received_mono_ns=now)
        some += seen.traits
    assert [one.probability.keys() for one in some] == [{"hat"}]


def test_what_is_known_so_far_is_told_while_the_person_is_followed_as_carefully():
    def so_far(years, p_minor, seconds):
        reader = TraitReader(TraitModels(faces=(FindsFaces(), ReadsFaces(years, p_minor))))
        nobody = np.zeros(0, np.int64)
        for index in range(round(10 * seconds)):
            tracks = Tracks(np.array([7]), PERSON, np.ones(1, np.float32), nobody)
            reader.look(picture(), tracks, np.ones(1, np.float32), S + index * S // 10)
            if reader.so_far:
                return reader.so_far
        return ()

    assert so_far(40.0, 0.02, 0.4) == ()
    [adult] = so_far(40.0, 0.02, 9.0)
    assert adult.track_id == 7
    [child] = so_far(9.0, 0.97, 9.0)
    assert "female" not in child.probability
