"""What the chain's pages say is wrong with a store PC, in both languages."""

from dataclasses import fields

import pytest

from edge_core.dashboard.language import Say
from edge_core.hub.state import trouble
from edge_core.hub.store import Device
from edge_core.sync.protocol import HealthReport
from edge_core.units import ns_from_s

WELL = HealthReport(
    version="1", status="ok", uptime_s=1.0, cameras=2, cameras_well=2, readers=0, readers_well=0,
    ledger_mb=1.0,
)  # fmt: skip


def device(**health):
    told = {field.name: None for field in fields(Device)}
    told |= {"seen_utc_ns": 0, "health": WELL.model_copy(update=health)}
    return Device(**told)


@pytest.mark.parametrize(
    ("health", "after_s", "english", "chinese"),
    [
        ({}, 60, "", ""),
        ({}, 7200, "nothing was heard for 2 h", "已有 2 小时没有联系"),
        ({"status": "down"}, 60, "no camera gives pictures", "所有摄像机都没有画面"),
        ({"clock_ahead_s": -600.0}, 60, "its clock is 10 min behind", "时钟慢了 10 分钟"),
        ({"clock_ahead_s": 90_000.0}, 60, "its clock is 25 h ahead", "时钟快了 25 小时"),
        ({"refused": 3}, 60, "3 facts were refused", "有 3 条数据被拒收"),
    ],
)
def test_a_trouble_is_told_in_the_reader_s_language(health, after_s, english, chinese):
    now_ns = ns_from_s(float(after_s))
    assert trouble(device(**health), now_ns, Say("en")) == english
    assert trouble(device(**health), now_ns, Say("zh")) == chinese
