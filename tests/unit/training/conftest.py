"""What the training tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def torch():
    """PyTorch, which only training needs."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")
    torch.set_num_threads(1)
    return torch


@pytest.fixture
def data_folder():
    """Folder of the data, which is not part of the project."""
    folder = os.environ.get("PROMENADE_DATA")
    if not folder:
        pytest.skip("set PROMENADE_DATA to the folder of the data to run this test")
    return Path(folder)
