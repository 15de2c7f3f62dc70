"""What re-identification learns from: names, tracks, public teachers, a tutor of its own kind."""

from dataclasses import dataclass
from typing import Final

from torch import Tensor
from torch.nn import functional

from edge_core.training.reid.network import ReidLearner, joined

LABEL_SMOOTHING: Final = 0.1
MARGIN: Final = 0.2
SHARPNESS: Final = 20.0
PAIRS_WEIGHT: Final = 15.0
REGRESSION_WEIGHT: Final = 2.0
TUTOR_WEIGHT: Final = 3.0
TRACKS_WEIGHT: Final = 0.25
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a batch's crops.

    Attributes:
        identity: int64 (N,); the named ones' places among the people come first, then -1 where
            nobody knows, then numbers below that, one per track of people in view together.
        teacher: float (N, T), rows of unit length.
        named: how many are named.
        followed: how many are of tracks.
        tutor: float (N, D), unit blocks; None without a tutor.
    """

    identity: Tensor
    teacher: Tensor
    named: int
    followed: int
    tutor: Tensor | None = None


def soft_triplet(features: Tensor, identity: Tensor) -> Tensor:
    """Batch-hard triplet loss with a soft margin: Hermans et al. 2017, eq. 5 and section 2.

    Args:
        features: float (N, D).
        identity: int64 (N,), each at least twice and at least two of them.
    """
    square = features.square().sum(1)
    apart = square[:, None] + square - 2 * features @ features.T
    # A root's slope at nought is infinite.
    apart = apart.clamp_min(1e-6).sqrt()
    same = identity[:, None] == identity
    farthest = apart.masked_fill(~same, 0).amax(1)
    nearest = apart.masked_fill(same, float("inf")).amin(1)
    return functional.softplus(farthest - nearest).mean()


def pairwise_distillation(embedding: Tensor, teacher: Tensor, identity: Tensor) -> Tensor:
    """Mean squared difference of pairs' cosines (Park et al. 2019's relations, by cosine).

    Two crops of one person are left to names and tracks, which know better than teachers that
    fail on a third or a half of them (ours).

    Args:
        embedding: float (N, D), rows of unit length.
        teacher: float (N, T), rows of unit length.
        identity: int64 (N,); -1 where nobody knows, below that one number per track.
    """
    others = (identity[:, None] != identity) | (identity == NOBODY)
    others = others.fill_diagonal_(False)
    square = (embedding @ embedding.T - teacher @ teacher.T).square()
    # A sum rather than a choice of rows: a choice would have to wait for the device.
    return (square * others).sum() / others.sum().clamp_min(1)


def margin_loss(cosines: Tensor, who: Tensor) -> Tensor:
    """Cross-entropy whose right class must lead by a margin: Wang et al. 2018 (CosFace), eq. 4.

    Args:
        cosines: float (N, people).
        who: int64 (N,).
    """
    short = cosines - MARGIN * functional.one_hot(who, cosines.shape[1])
    return functional.cross_entropy(SHARPNESS * short, who, label_smoothing=LABEL_SMOOTHING)


def reid_loss(
    learner: ReidLearner, features: list[Tensor], necks: list[Tensor], known: Known
) -> Tensor:
    """All parts together.

    Args:
        learner: for its classifiers and its ways to the others' spaces.
        features: of the branches, float (N, block) each, before the necks.
        necks: the same after the necks.
        known: of the same crops.
    """
    loss = _from_teachers(learner, necks, known)
    if known.followed:
        tracks = known.identity[-known.followed :]
        for feature in features:
            some = soft_triplet(feature[-known.followed :], tracks)
            loss = loss + TRACKS_WEIGHT / len(features) * some
    if not known.named:
        return loss
    who = known.identity[: known.named]
    branches = list(zip(learner.classifiers, features, necks, strict=True))
    for classifier, feature, neck in branches:
        named_loss = margin_loss(classifier(neck[: known.named]), who)
        loss = loss + (named_loss + soft_triplet(feature[: known.named], who)) / len(branches)
    return loss


def _from_teachers(learner: ReidLearner, necks: list[Tensor], known: Known) -> Tensor:
    """Likeness as the teachers see it, and as the tutor does; with both, each has half a say."""
    whole = joined(necks)
    say = 1.0 if known.tutor is None else 0.5
    near = functional.cosine_similarity(learner.to_teacher(whole), known.teacher)
    loss = say * REGRESSION_WEIGHT * (1 - near.mean())
    judges = [known.teacher]
    if known.tutor is not None:
        judges.append(functional.normalize(known.tutor))
        blocks = known.tutor.chunk(len(necks), dim=1)
        for way, neck, block in zip(learner.to_tutor, necks, blocks, strict=True):
            near = functional.cosine_similarity(way(neck), block)
            loss = loss + TUTOR_WEIGHT / len(necks) * (1 - near.mean())
    for judge in judges:
        for rows in (functional.normalize(whole), functional.normalize(necks[0])):
            pairs = pairwise_distillation(rows, judge, known.identity)
            loss = loss + say * PAIRS_WEIGHT / 2 * pairs
    return loss
