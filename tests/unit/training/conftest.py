"""What the training tests share."""

import pytest


@pytest.fixture
def torch():
    """PyTorch, which only training needs."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")
    torch.set_num_threads(1)
    return torch
