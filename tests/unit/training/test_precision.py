"""Half precision only where it is faster."""

import pytest

torch = pytest.importorskip("torch")

from edge_core.training import precision  # noqa: E402


@pytest.mark.parametrize("hardware", [True, False])
def test_processors_without_bfloat16_compute_in_float32(monkeypatch, hardware):
    monkeypatch.setattr(precision, "has_bfloat16", lambda: hardware)
    one = torch.ones(2, 2)
    with precision.short_floats(torch.device("cpu")):
        product = one @ one
    assert product.dtype == (torch.bfloat16 if hardware else torch.float32)
