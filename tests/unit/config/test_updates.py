from datetime import time

import pytest
from pydantic import ValidationError

from edge_core.config import UpdatesConfig


@pytest.mark.parametrize(
    "url", ["http://updates.example/x", "updates.example", "ftp://a/b", "https://a/b?c=d"]
)
def test_a_channel_that_anybody_in_the_network_could_hold_back_is_refused(url):
    with pytest.raises(ValidationError):
        UpdatesConfig(url=url)


def test_hours_may_lie_across_midnight():
    night = UpdatesConfig(begin="23:00", end="05:00")
    assert [night.is_hour(time(hour)) for hour in (22, 23, 0, 4, 5, 12)] == [
        False, True, True, True, False, False,
    ]  # fmt: skip
    assert UpdatesConfig(begin="03:00", end="03:00").is_hour(time(15))
    assert not UpdatesConfig().url
