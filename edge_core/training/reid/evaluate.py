"""How well embeddings find people again.

Retrieval as in Market-1501: every crop queries all others of its set, less those of the same
person from the same camera; single query, no re-ranking, no flip averaging. Strangers from the
query's own camera stay in the gallery, and share its light and background; the cross-camera
figures, easier, leave them out, as CUHK01 and CUHK03 are often reported. AP is the mean of the
precisions at the true matches (the rectangle rule, as in torchreid), not the trapezoid of the
original code. Open set: Grother and Ngan's TPIR at a given FPIR, with half of the people enrolled
from one camera and everybody probing from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.runtime.inference import InferenceSession
from edge_core.training.detector.pictures import Progress
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.reid.data import Crops, judging_crops
from edge_core.training.reid.robustness import CHANGES, as_the_pipeline_cuts
from edge_core.types import (
    EMBEDDING_BLOCKS,
    BoolArray,
    Float32Array,
    Float64Array,
    ImageArray,
    Int64Array,
)
from edge_core.vision import load_embedder
from edge_core.vision.embed import Embedder
from edge_core.vision.models import find_model

FPIR: Final = 0.01
_RESAMPLES: Final = 1000
_BATCH: Final = 32
_ROBUSTNESS: Final = {"val": ("val",), "held-out": ("held-out CUHK01", "held-out CUHK03")}


@dataclass(frozen=True, slots=True)
class ReidScores:
    """Figures of one set.

    Attributes:
        queries, identities: size of the set.
        rank1: share of queries whose nearest crop shows the same person.
        rank1_interval: 95 % interval, from drawing people anew (bootstrap).
        mean_ap: mean average precision.
        mean_ap_interval: 95 % interval.
        cross_rank1, cross_mean_ap: with a gallery of the other cameras alone.
        global_rank1, global_mean_ap: of the whole-body block alone.
        global_cross_rank1: of that block, with a gallery of the other cameras alone.
        tpir: share of probes of enrolled people that are named rightly, at `FPIR`.
        non_mated: probes of people not enrolled, which the threshold comes from; under 1 / `FPIR`
            of them it lies above them all.
    """

    queries: int
    identities: int
    rank1: float
    rank1_interval: tuple[float, float]
    mean_ap: float
    mean_ap_interval: tuple[float, float]
    cross_rank1: float
    cross_mean_ap: float
    global_rank1: float
    global_mean_ap: float
    global_cross_rank1: float
    tpir: float
    non_mated: int


def retrieval(
    similarity: Float32Array,
    identity: Int64Array,
    camera: Int64Array,
    *,
    cross_camera: bool = False,
) -> tuple[BoolArray, Float64Array]:
    """Every crop as a query against the others.

    Args:
        similarity: float32 (N, N).
        identity: int64 (N,).
        camera: int64 (N,).
        cross_camera: leave the query's whole camera out of its gallery, strangers too.

    Returns:
        Bool (N,), whether the first match is right, and float64 (N,), AP; False and NaN where no
        other camera saw the person.
    """
    first = np.zeros(len(identity), np.bool_)
    precision = np.full(len(identity), np.nan)
    for query in range(len(identity)):
        same, here = identity == identity[query], camera == camera[query]
        allowed = ~here if cross_camera else ~(same & here)
        order = np.argsort(-similarity[query][allowed], kind="stable")
        ranks = np.flatnonzero(same[allowed][order]) + 1
        if len(ranks):
            first[query] = ranks[0] == 1
            precision[query] = np.mean(np.arange(1, len(ranks) + 1) / ranks)
    return first, precision


def open_set_tpir(
    similarity: Float32Array, identity: Int64Array, camera: Int64Array, fpir: float = FPIR
) -> tuple[float, int]:
    """TPIR at rank 1, over all choices of the enrolling camera and both halves of the people.

    Args:
        similarity: float32 (N, N).
        identity: int64 (N,); every second of the sorted ones is enrolled, then the others.
        camera: int64 (N,).
        fpir: share of strangers' probes that may be named.

    Returns:
        TPIR, and how many probes of strangers the threshold comes from.
    """
    half = np.searchsorted(np.unique(identity), identity) % 2
    right, strangers = [], []
    for enrolled in (0, 1):
        for at in np.unique(camera):
            gallery = np.flatnonzero((camera == at) & (half == enrolled))
            probes = np.flatnonzero(camera != at)
            scores = similarity[np.ix_(probes, gallery)]
            if not scores.size:
                continue
            top, named = scores.max(axis=1), identity[gallery[scores.argmax(axis=1)]]
            known = np.isin(identity[probes], identity[gallery])
            strangers.append(top[~known])
            right.append(np.where(named == identity[probes], top, -np.inf)[known])
    if not strangers:
        return 0.0, 0
    hits, others = np.concatenate(right), np.sort(np.concatenate(strangers))[::-1]
    if not len(hits) or not len(others):
        return 0.0, len(others)
    return float(np.mean(hits > others[int(fpir * len(others))])), len(others)


def interval(values: Float64Array, identity: Int64Array, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of a mean; people are drawn, not crops, which hang together.

    Args:
        values: float64 (N,).
        identity: int64 (N,).
        seed: of the draws.
    """
    people, index = np.unique(identity, return_inverse=True)
    sums = np.bincount(index, values)
    counts = np.bincount(index)
    drawn = np.random.default_rng(seed).integers(0, len(people), (_RESAMPLES, len(people)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def score_embeddings(rows: Float32Array, identity: Int64Array, camera: Int64Array) -> ReidScores:
    """All figures of embeddings.

    Args:
        rows: float32 (N, D), of unit length; the first quarter is the whole body.
        identity: int64 (N,).
        camera: int64 (N,).
    """
    similarity = rows @ rows.T
    first, precision = retrieval(similarity, identity, camera)
    asked = ~np.isnan(precision)
    cross_first, cross_precision = retrieval(similarity, identity, camera, cross_camera=True)
    whole = rows[:, : rows.shape[1] // EMBEDDING_BLOCKS]
    likeness = whole @ whole.T
    whole_first, whole_precision = retrieval(likeness, identity, camera)
    whole_cross_first, _ = retrieval(likeness, identity, camera, cross_camera=True)
    tpir, non_mated = open_set_tpir(similarity, identity, camera)
    return ReidScores(
        queries=int(asked.sum()),
        identities=len(np.unique(identity)),
        rank1=float(first[asked].mean()),
        rank1_interval=interval(first[asked].astype(np.float64), identity[asked]),
        mean_ap=float(precision[asked].mean()),
        mean_ap_interval=interval(precision[asked], identity[asked]),
        cross_rank1=float(cross_first[asked].mean()),
        cross_mean_ap=float(cross_precision[asked].mean()),
        global_rank1=float(whole_first[asked].mean()),
        global_mean_ap=float(whole_precision[asked].mean()),
        global_cross_rank1=float(whole_cross_first[asked].mean()),
        tpir=tpir,
        non_mated=non_mated,
    )


def embedder_of(path: Path) -> Embedder:
    """An embedder that runs an ONNX file that is in no manifest."""
    shipped, _ = find_model("reid-s", "embedder")
    spec = shipped.model_copy(update={"name": path.stem, "file": path.name})
    width, height = spec.input_size_px
    probe = {spec.input_name: np.zeros((1, 3, height, width), np.float32)}
    session = InferenceSession(path, probe, provider="cpu")
    return Embedder(spec, session, session.run(probe)[0].shape[1])


def embedded(
    embedder: Embedder, crops: Sequence[ImageArray], visible: Float32Array | None = None
) -> Float32Array:
    """Embeddings of many crops, a few at a time; arguments as of `Embedder.embed`."""
    parts = [
        embedder.embed(crops[i : i + _BATCH], None if visible is None else visible[i : i + _BATCH])
        for i in range(0, len(crops), _BATCH)
    ]
    return np.concatenate(parts)


def weighed_similarity(queries: Float32Array, gallery: Float32Array) -> Float32Array:
    """Mean of the blocks' cosines, each weighed by both sides' visibility, float32 (N, M).

    Args:
        queries: float32 (N, D), whose blocks' lengths go as the visibility.
        gallery: float32 (M, D), likewise.
    """
    lengths = [
        np.linalg.norm(rows.reshape(len(rows), EMBEDDING_BLOCKS, -1), axis=2)
        for rows in (queries, gallery)
    ]
    return np.asarray(queries @ gallery.T / (lengths[0] @ lengths[1].T), np.float32)


def judge_embedder(path: Path, sets: Mapping[str, Crops]) -> dict[str, ReidScores]:
    """An ONNX file's scores on every set."""
    embedder = embedder_of(path)
    return {
        key: score_embeddings(embedded(embedder, list(crops.bgr)), crops.identity, crops.camera)
        for key, crops in sets.items()
    }


def evaluate_embedder(name: str, data: Path, *, say: Say = quiet) -> dict[str, Any]:
    """Judge a shipped embedder or an ONNX file on people training leaves out.

    The held-out people are only new to weights that this package's recipe made from scratch.

    Args:
        name: as in the manifest, or the path of an ONNX file.
        data: folder with `reid`.
        say: progress.

    Returns:
        JSON values: name, ap (its convention), fpir, under `sets` the `ReidScores` of each set,
        and under `robustness` rank-1 and mAP on `val` and on all held-out people by what was done
        to the query's picture, the gallery untouched.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    path = name.endswith(".onnx")
    embedder = embedder_of(Path(name)) if path else load_embedder(name, provider="cpu")
    sets, tell = judging_crops(data), say("judge")
    scores, rows = {}, {}
    for index, (key, crops) in enumerate(sets.items()):
        rows[key] = embedded(embedder, list(crops.bgr))
        scores[key] = asdict(score_embeddings(rows[key], crops.identity, crops.camera))
        tell((index + 1) / len(sets))
    robustness = _robustness(embedder, sets, rows, say("robustness"))
    return {
        "name": name,
        "ap": "mean of the precisions at the true matches",
        "fpir": FPIR,
        "sets": scores,
        "robustness": robustness,
    }


def _robustness(
    embedder: Embedder,
    sets: Mapping[str, Crops],
    rows: Mapping[str, Float32Array],
    progress: Progress,
) -> dict[str, dict[str, dict[str, float]]]:
    """Scores by change and set, with changed queries against the untouched gallery."""
    found = {}
    for index, (change, spoil) in enumerate(CHANGES.items()):
        rng = np.random.default_rng(0)
        queries = {
            key: embedded(embedder, [spoil(crop, rng) for crop in crops.bgr])
            for key, crops in sets.items()
        }
        found[change] = _against_untouched(queries, sets, rows)
        progress((index + 1) / (len(CHANGES) + 1))
    queries = {}
    for key, crops in sets.items():
        made = [as_the_pipeline_cuts(crop) for crop in crops.bgr]
        visible = np.stack([parts for _, parts in made])
        queries[key] = embedded(embedder, [crop for crop, _ in made], visible)
    found["lower 40 % outside, parts weighed"] = _against_untouched(queries, sets, rows)
    progress(1.0)
    return found


def _against_untouched(
    queries: Mapping[str, Float32Array],
    sets: Mapping[str, Crops],
    rows: Mapping[str, Float32Array],
) -> dict[str, dict[str, float]]:
    """Rank-1 and mAP of changed queries, Market's way and cross-camera; both sources together."""
    scores = {}
    for group, keys in _ROBUSTNESS.items():
        found: dict[str, list[Float64Array]] = {}
        for key in keys:
            similarity = weighed_similarity(queries[key], rows[key])
            who, camera = sets[key].identity, sets[key].camera
            for name, cross in (("", False), ("cross_", True)):
                first, precision = retrieval(similarity, who, camera, cross_camera=cross)
                asked = ~np.isnan(precision)
                found.setdefault(f"{name}rank1", []).append(first[asked].astype(np.float64))
                found.setdefault(f"{name}mean_ap", []).append(precision[asked])
        scores[group] = {name: float(np.concatenate(v).mean()) for name, v in found.items()}
    return scores
