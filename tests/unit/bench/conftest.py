"""What the benchmark tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def data_folder():
    """Folder of the evaluation data, which is not part of the project."""
    folder = os.environ.get("PROMENADE_DATA")
    if not folder:
        pytest.skip("set PROMENADE_DATA to the folder of the evaluation data to run this test")
    return Path(folder)
