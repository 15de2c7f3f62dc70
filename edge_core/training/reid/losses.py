"""What re-identification learns from: names of people, and how alike teachers find them."""

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.reid.network import BLOCK, ReidLearner, joined

LABEL_SMOOTHING = 0.1
PAIRS_WEIGHT = 15.0
REGRESSION_WEIGHT = 2.0
TRACKS_WEIGHT = 0.25
NOBODY = -1


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
    others = ~torch.eye(len(embedding), dtype=torch.bool, device=embedding.device)
    others &= (identity[:, None] != identity) | (identity == NOBODY)
    return (embedding @ embedding.T - teacher @ teacher.T)[others].square().mean()


def reid_loss(
    learner: ReidLearner,
    features: list[Tensor],
    necks: list[Tensor],
    identity: Tensor,
    teacher: Tensor,
) -> Tensor:
    """All parts together.

    Args:
        learner: for its classifiers and its way to the teachers' space.
        features: of the branches, float (N, 256) each, before the necks.
        necks: the same after the necks.
        identity: int64 (N,), the named ones first; -1 where nobody knows, below that tracks that
            were in view together.
        teacher: float (N, T), rows of unit length.
    """
    named = int((identity >= 0).sum())
    whole = joined(necks)
    # Four unit blocks: the whole row is twice as long as one.
    loss = REGRESSION_WEIGHT * (
        1 - functional.cosine_similarity(learner.to_teacher(whole), teacher).mean()
    )
    for embedding in (functional.normalize(whole), whole[:, :BLOCK]):
        loss = loss + PAIRS_WEIGHT / 2 * pairwise_distillation(embedding, teacher, identity)
    followed = identity < NOBODY
    if followed.any():
        for feature in features:
            loss = loss + TRACKS_WEIGHT / len(features) * soft_triplet(
                feature[followed], identity[followed]
            )
    if not named:
        return loss
    who = identity[:named]
    branches = list(zip(learner.classifiers, features, necks, strict=True))
    for classifier, feature, neck in branches:
        named_loss = functional.cross_entropy(
            classifier(neck[:named]), who, label_smoothing=LABEL_SMOOTHING
        )
        loss = loss + (named_loss + soft_triplet(feature[:named], who)) / len(branches)
    return loss
