"""From pixels to anonymous observations: detect, track, embed, place on the floor.

Importing this package is cheap; OpenCV and ONNX Runtime load with the first model.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from edge_core.runtime.inference import Provider
    from edge_core.vision.action import ActionClassifier
    from edge_core.vision.body import BodyAttributeModel
    from edge_core.vision.detect import Detector
    from edge_core.vision.embed import Embedder
    from edge_core.vision.face import FaceAttributeModel
    from edge_core.vision.face_detect import FaceDetector

DEFAULT_DETECTOR: Final = "person-s-int8"
DEFAULT_EMBEDDER: Final = "reid-s-int8"
DEFAULT_FACE_ATTRIBUTES: Final = "face-s-int8"
DEFAULT_BODY_ATTRIBUTES: Final = "body-s-int8"
DEFAULT_FACE_DETECTOR: Final = "face-find-s"
DEFAULT_ACTION_CLASSIFIER: Final = "action-s-int8"

__all__ = [
    "load_action_classifier",
    "load_body_attributes",
    "load_detector",
    "load_embedder",
    "load_face_attributes",
    "load_face_detector",
]


def load_detector(
    name: str = DEFAULT_DETECTOR,
    *,
    size_px: int | None = None,
    score: float = 0.01,
    provider: "Provider" = "auto",
    threads: int = 1,
) -> "Detector":
    """A person detector.

    Args:
        name: as in `promenade models list`.
        size_px: long side of the picture given to the network, a multiple of 32; the model's
            own when None. Larger finds smaller people and takes longer.
        score: detections below it are dropped. The default keeps the weak ones, which the
            tracker and precision-recall curves need; above 0.35 they are people to look at.
        provider: what runs it.
        threads: CPU threads for one picture.

    Raises:
        ModelError: unknown name, missing or altered file, or nothing that runs it.
    """
    from edge_core.vision.detect import Detector

    return Detector.load(name, size_px=size_px, score=score, provider=provider, threads=threads)


def load_embedder(
    name: str = DEFAULT_EMBEDDER, *, provider: "Provider" = "auto", threads: int = 1
) -> "Embedder":
    """An appearance embedder for person crops. Raises ModelError as `load_detector`."""
    from edge_core.vision.embed import Embedder

    return Embedder.load(name, provider=provider, threads=threads)


def load_face_attributes(
    name: str = DEFAULT_FACE_ATTRIBUTES, *, provider: "Provider" = "auto", threads: int = 1
) -> "FaceAttributeModel":
    """An age and gender estimator for face chips. Raises ModelError as `load_detector`."""
    from edge_core.vision.face import FaceAttributeModel

    return FaceAttributeModel.load(name, provider=provider, threads=threads)


def load_face_detector(
    name: str = DEFAULT_FACE_DETECTOR,
    *,
    size_px: int | None = None,
    score: float = 0.4,
    provider: "Provider" = "auto",
    threads: int = 1,
) -> "FaceDetector":
    """A face detector; `edge_core.vision.face_align` turns what it finds upright.

    Args:
        name: as in `promenade models list`.
        size_px: as of `load_detector`; faces lower than about 10 pixels at that size are missed.
        score: faces below it are dropped.
        provider: what runs it.
        threads: CPU threads for one picture.

    Raises:
        ModelError: as `load_detector`.
    """
    from edge_core.vision.face_detect import FaceDetector

    return FaceDetector.load(name, size_px=size_px, score=score, provider=provider, threads=threads)


def load_body_attributes(
    name: str = DEFAULT_BODY_ATTRIBUTES, *, provider: "Provider" = "auto", threads: int = 1
) -> "BodyAttributeModel":
    """An estimator of what people wear and carry. Raises ModelError as `load_detector`."""
    from edge_core.vision.body import BodyAttributeModel

    return BodyAttributeModel.load(name, provider=provider, threads=threads)


def load_action_classifier(
    name: str = DEFAULT_ACTION_CLASSIFIER, *, provider: "Provider" = "auto", threads: int = 1
) -> "ActionClassifier":
    """A classifier of "handling goods" for person crops. Raises ModelError as `load_detector`."""
    from edge_core.vision.action import ActionClassifier

    return ActionClassifier.load(name, provider=provider, threads=threads)
