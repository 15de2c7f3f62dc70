import pytest

from edge_core.errors import ModelError
from edge_core.training import require_extra


def test_a_missing_package_is_named_with_its_remedy():
    with pytest.raises(ModelError, match=r"not_a_package.*promenade\[train\]"):
        require_extra("json", "not_a_package")


def test_what_is_there_is_not_complained_about():
    require_extra("json")
