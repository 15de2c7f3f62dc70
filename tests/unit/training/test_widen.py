import numpy as np
import pytest


@pytest.mark.parametrize("name", ["person-m", "person-m-fpn"])
def test_a_widened_detector_says_what_the_small_one_says(torch, name):
    from edge_core.training.detector.network import NETWORKS, PERSON_S, PersonDetector
    from edge_core.training.detector.widen import widen

    torch.manual_seed(0)
    small, large = PersonDetector(PERSON_S).eval(), PersonDetector(NETWORKS[name])
    with torch.no_grad():
        for norm in (m for m in small.modules() if isinstance(m, torch.nn.BatchNorm2d)):
            norm.weight.uniform_(0.5, 2)
            norm.bias.uniform_(-1, 1)
        widen(small, large)
        x = torch.rand(1, 3, 96, 64)
        for a, b in zip(small(x), large.eval()(x), strict=True):
            assert np.allclose(a, b, atol=1e-3 * float(a.abs().max()))


def test_copies_of_a_channel_are_read_unevenly(torch):
    from edge_core.training.detector.network import PERSON_M, PERSON_S, PersonDetector
    from edge_core.training.detector.widen import widen

    small, large = PersonDetector(PERSON_S), PersonDetector(PERSON_M)
    widen(small, large)
    weight = large.stem[1].conv.weight.detach()
    # The second layer reads sixteen channels, of which eight are copies.
    assert len({tuple(weight[:, i].flatten().tolist()) for i in range(16)}) == 16
