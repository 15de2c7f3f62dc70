"""What is told of a person when their track ends, from looks taken while it lasted.

Faces and crops live as long as one look. What is kept of a track is the sums of `fusion`, and what
leaves is a handful of probabilities, each only where it may be counted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.config import AttributesConfig
from edge_core.runtime.inference import Provider
from edge_core.types import Float32Array, ImageArray, Int64Array, Tracks, Traits
from edge_core.units import ns_from_s
from edge_core.vision import load_body_attributes, load_face_attributes, load_face_detector
from edge_core.vision.appearance import AppearanceSchedule
from edge_core.vision.body import BODY_ATTRIBUTES, BodyAttributeModel, look_weights
from edge_core.vision.crops import body_crop, crop_quality, part_visibility, whole_body
from edge_core.vision.face import MINOR_MOST, FaceAttributeModel
from edge_core.vision.face_align import aligned, face_quality
from edge_core.vision.face_detect import FaceDetector
from edge_core.vision.fusion import AgeFusion, TrackFusion

LOOK_NS: Final = ns_from_s(0.5)
"""A track is looked at this often: an attribute needs three looks."""
FACE_ATTRIBUTES: Final = ("female", "minor")
_EVEN: Final = 0.5
"""Prior of every attribute, which the models' calibration assumes."""


@dataclass(frozen=True, slots=True)
class TraitModels:
    """The models that are switched on; shared by all cameras of the process.

    Attributes:
        body: which of `BODY_ATTRIBUTES` are told.
        body_model: None where none is.
        faces: detector and estimator, None where faces are not looked at.
    """

    body: tuple[str, ...] = ()
    body_model: BodyAttributeModel | None = None
    faces: tuple[FaceDetector, FaceAttributeModel] | None = None

    @classmethod
    def load(
        cls, config: AttributesConfig, *, provider: Provider = "auto", threads: int = 1
    ) -> "TraitModels | None":
        """What the configuration asks for; None where that is nothing.

        Raises:
            ModelError: a model is missing, altered or does not run.
        """
        if not config.body and not config.face:
            return None
        body = load_body_attributes(provider=provider, threads=threads) if config.body else None
        faces = None
        if config.face:
            faces = (
                load_face_detector(provider=provider, threads=threads),
                load_face_attributes(provider=provider, threads=threads),
            )
        return cls(config.body, body, faces)


class TraitReader:
    """Looks at one camera's people; tells what is known of each so far and when the track ends.

    Args:
        models: what looks.

    Attributes:
        so_far: what is known by now of those who were looked at in the newest frame.
    """

    def __init__(self, models: TraitModels) -> None:
        self._models = models
        self._schedule = AppearanceSchedule(LOOK_NS)
        self._body = TrackFusion(np.full(len(BODY_ATTRIBUTES), _EVEN, np.float32))
        self._face = TrackFusion(np.full(len(FACE_ATTRIBUTES), _EVEN, np.float32))
        self._age: dict[int, AgeFusion] = {}
        self.so_far: tuple[Traits, ...] = ()

    def look(
        self, frame: ImageArray, tracks: Tracks, visible: Float32Array, now_ns: int
    ) -> tuple[Traits, ...]:
        """Take a look at whoever is due; tells of the tracks that ended.

        Args:
            frame: BGR uint8 (H, W, 3); not kept.
            tracks: in it.
            visible: float32 (N,), share of each person that is seen.
            now_ns: the frame's monotonic time.
        """
        rows = self._schedule.due(tracks, visible, now_ns)
        if len(rows):
            self._look_at_bodies(frame, tracks, rows)
            self._look_at_faces(frame, tracks, rows)
        words = [self._word(track) for track in tracks.track_id[rows].tolist()]
        self.so_far = tuple(it for it in words if it.probability or it.age_years is not None)
        return tuple(self._last_word(track) for track in tracks.ended.tolist())

    def forget(self, track: int) -> None:
        """Drop all that was seen of a track."""
        self._last_word(track)
        self._schedule.forget(track)

    def _look_at_bodies(self, frame: ImageArray, tracks: Tracks, rows: Int64Array) -> None:
        if self._models.body_model is None:
            return
        size_px = (frame.shape[1], frame.shape[0])
        whole = whole_body(tracks.xyxy_px, size_px)
        seen = part_visibility(whole, tracks.xyxy_px, size_px)[rows]
        bodies = [body_crop(frame, whole[row]) for row in rows]
        # How much is seen is weighed attribute by attribute.
        quality = np.array([crop_quality(body, 1.0) for body in bodies], np.float32)
        told = self._models.body_model.predict(bodies).probability
        self._body.add(tracks.track_id[rows], told, look_weights(quality, seen))

    def _look_at_faces(self, frame: ImageArray, tracks: Tracks, rows: Int64Array) -> None:
        if self._models.faces is None:
            return
        detector, model = self._models.faces
        found = detector.detect_on_people(frame, tracks.xyxy_px[rows])
        for track, faces in zip(tracks.track_id[rows], found, strict=True):
            if not len(faces):
                continue
            weight = face_quality(frame, faces)
            told = model.predict(aligned(frame, faces))
            pair = np.stack([told.p_female, told.p_minor], axis=1)
            self._face.add(np.array([track]), pair, weight)
            age = self._age.setdefault(int(track), AgeFusion())
            age.add(float(told.age_years[0]), float(weight[0]))

    def _last_word(self, track: int) -> Traits:
        word = self._word(track)
        self._body.end(track)
        self._face.end(track)
        self._age.pop(track, None)
        return word

    def _word(self, track: int) -> Traits:
        """What the looks so far tell, each only where it may be counted."""
        body = self._body.read(track)
        pairs = zip(BODY_ATTRIBUTES, body.probability, body.told, strict=True)
        told = {name: float(p) for name, p, sure in pairs if sure and name in self._models.body}
        face = self._face.read(track)
        p_female, p_minor = (float(p) for p in face.probability)
        # Nobody's gender is told who is not told to be grown up.
        if face.told.all() and p_minor < MINOR_MOST:
            told["female"] = p_female
        return Traits(track, told, self._age.get(track, AgeFusion()).result())
