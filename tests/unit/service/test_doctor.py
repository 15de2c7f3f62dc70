import asyncio
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_core.clock import ManualClock
from edge_core.config import CameraConfig, ReaderConfig, parse_site
from edge_core.service.doctor import (
    examine,
    examine_camera,
    examine_clock,
    examine_disk,
    examine_hub,
    examine_load,
    examine_products,
)
from edge_core.service.doctor_readers import examine_reader
from edge_core.service.findings import Finding, Verdict
from edge_core.simulator.rfid import ReaderThread, rail_world
from edge_core.sync.device_key import DeviceKey
from edge_core.units import NS_PER_S

SITE = """
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[racks]]
id = "coats-1"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [2, 0], [2, 1], [0, 1]]
[[cameras]]
id = "door"
source = "usb:0"
[service]
products = "products.csv"
"""


def film(path: Path, level: int) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 10, (64, 48))
    for _ in range(5):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


def camera(source, **given):
    return CameraConfig(id="door", source=str(source), **given)


def test_a_line_says_what_is_wrong_and_what_to_do():
    finding = Finding("camera", "door", Verdict.FAILED, "cannot be reached.", "Check its cable.")
    assert str(finding) == "failed   camera door: cannot be reached. Check its cable."
    assert str(Finding("clock", "", Verdict.OK, "12:00 UTC")) == "ok       clock: 12:00 UTC"


class TestClock:
    def test_a_clock_that_lost_its_battery_is_found(self):
        finding = examine_clock("Europe/Berlin", ManualClock(wall_ns=0))
        assert finding.verdict is Verdict.FAILED
        assert "1970-01-01 00:00 UTC, 01:00 in Europe/Berlin" in finding.told
        assert finding.remedy

    def test_a_right_clock_is_told_in_the_sites_time(self):
        finding = examine_clock("Europe/Berlin", ManualClock(wall_ns=1_800_000_000 * NS_PER_S))
        assert finding.verdict is not Verdict.FAILED
        assert "2027-01-15 08:00 UTC, 09:00 in Europe/Berlin" in finding.told


class TestDisk:
    def test_room_is_told_in_gigabytes(self, tmp_path):
        finding = examine_disk(tmp_path / "promenade.db")
        assert finding.facts["free_gb"] > 0
        assert "GB free" in finding.told
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_not_there_is_found(self, tmp_path):
        finding = examine_disk(tmp_path / "away" / "promenade.db")
        assert finding.verdict is Verdict.FAILED
        assert "cannot be written" in finding.told


class TestCamera:
    def test_pictures_are_told_by_size_and_rate(self, tmp_path):
        finding = examine_camera(camera(film(tmp_path / "a.mp4", 120)), tmp_path)
        assert (finding.verdict, finding.told) == (Verdict.OK, "64x48 at 10 frames/s")

    def test_a_covered_camera_is_noticed(self, tmp_path):
        finding = examine_camera(camera(film(tmp_path / "a.mp4", 0)), tmp_path)
        assert finding.verdict is Verdict.WARNING
        assert "all but black" in finding.told

    def test_pictures_that_are_too_large_are_noticed(self, tmp_path):
        film(tmp_path / "a.mp4", 120)
        finding = examine_camera(camera("a.mp4", max_resolution_px=(32, 32)), tmp_path)
        assert finding.verdict is Verdict.FAILED
        assert "more than max_resolution_px" in finding.told

    def test_a_missing_file_and_an_unreachable_camera_are_told_apart(self, tmp_path):
        missing = examine_camera(camera("a.mp4"), tmp_path)
        away = examine_camera(camera("rtsp://user:secret@127.0.0.1:1/stream"), tmp_path)
        assert "no video file" in missing.told
        assert "cannot be reached" in away.told
        assert "secret" not in str(away)
        assert {missing.verdict, away.verdict} == {Verdict.FAILED}


class TestReader:
    @pytest.fixture
    def emulator(self):
        with ReaderThread(rail_world(6, seed=1), seed=1) as thread:
            yield thread

    @staticmethod
    def look(port, tmp_path, **given):
        antennas = [{"number": number} for number in (1, 2, 3, 4)]
        settings = {"id": "rail", "host": "127.0.0.1", "port": port, "antennas": antennas}
        return asyncio.run(examine_reader(ReaderConfig(**(settings | given)), tmp_path, 2.0))

    def test_a_good_reader_is_told_with_its_tags(self, emulator, tmp_path):
        finding = self.look(emulator.port, tmp_path)
        assert finding.verdict is Verdict.OK, str(finding)
        assert finding.facts["tags"] == 6
        assert set(finding.facts["tags_by_antenna"]) == {"1", "2", "3", "4"}
        assert finding.facts["tells_phase"]
        assert "6 tags in 2 s" in finding.told
        assert emulator.emulator.protocol.rospecs == {}

    def test_a_pulled_cable_is_named(self, emulator, tmp_path):
        emulator.call(lambda: setattr(emulator.emulator.protocol, "plugged", frozenset({1, 2, 4})))
        finding = self.look(emulator.port, tmp_path)
        assert finding.verdict is Verdict.WARNING
        assert "antenna 3 is not plugged in. Check its cable." in finding.remedy

    def test_nobody_there_is_told_as_such(self, tmp_path):
        finding = self.look(1, tmp_path)
        assert finding.verdict is Verdict.FAILED
        assert "cannot be reached" in finding.told
        assert "Check the reader's power" in finding.remedy

    def test_an_antenna_that_does_not_exist_is_a_fault_of_the_settings(self, emulator, tmp_path):
        finding = self.look(emulator.port, tmp_path, antennas=[{"number": 9}])
        assert finding.verdict is Verdict.FAILED
        assert "antenna 9 does not exist" in finding.told


def test_a_table_of_products_is_counted_or_refused(tmp_path):
    table = tmp_path / "products.csv"
    table.write_text("gtin,sku\n04012345001006,coat\n")
    site = parse_site(SITE)
    assert examine_products(site, tmp_path).told == "1 product"
    table.write_text("ean\n1\n")
    assert examine_products(site, tmp_path).verdict is Verdict.FAILED
    table.write_text("gtin,sku,rack\n04012345001006,coat,attic\n")
    refused = examine_products(site, tmp_path)
    assert refused.verdict is Verdict.FAILED
    assert "known: coats-1" in refused.remedy


class TestLoad:
    MODELS = (
        Finding("model", "person-s-int8", Verdict.OK, "", facts={"ms": 20.0}),
        Finding("model", "reid-s-int8", Verdict.OK, "", facts={"ms": 8.0}),
    )

    def load(self, monkeypatch, cores, *facts):
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        cameras = tuple(camera(f"rtsp://192.0.2.{n}/", fps=5) for n, _ in enumerate(facts))
        site = parse_site(SITE).model_copy(update={"cameras": cameras})
        found = [Finding("camera", "door", Verdict.OK, "", facts=it) for it in facts]
        return list(examine_load(site, self.MODELS, found))

    def test_cameras_that_need_more_than_the_pc_has_are_told_with_what_helps(self, monkeypatch):
        one = {"fps": 25.0, "decode_ms": 4.0}  # .1 core to decode, .12 to look five times
        (finding,) = self.load(monkeypatch, 2, *[one] * 16)
        assert finding.verdict is Verdict.WARNING
        assert finding.told == "16 cameras need about 3.5 of 2 cores: too much."
        assert "smaller streams" in finding.remedy
        (finding,) = self.load(monkeypatch, 2, one)
        assert (finding.verdict, finding.told) == (
            Verdict.OK,
            "1 camera needs about 0.2 of 2 cores",
        )

    def test_a_camera_that_sends_less_than_asked_is_not_looked_at_more_often(self, monkeypatch):
        (finding,) = self.load(monkeypatch, 2, {"fps": 1.0, "decode_ms": 6.0})
        assert finding.facts == {"cores": 2, "needed": 0.03}

    def test_nothing_is_said_where_no_camera_sends(self, monkeypatch):
        assert self.load(monkeypatch, 2, {}) == []


def test_a_wrong_site_file_ends_the_test_with_its_mistakes(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[site]\nid='a'\nname='A'\n[[cameras]]\nid='c'\nsource='usb:0'\nfps=0\n")
    (finding,) = examine(site)
    assert finding.verdict is Verdict.FAILED
    assert "line 7" in finding.remedy


def test_a_whole_site_is_gone_through_part_by_part(tmp_path):
    film(tmp_path / "a.mp4", 120)
    site = tmp_path / "site.toml"
    site.write_text("[site]\nid='a'\nname='A'\n[[cameras]]\nid='door'\nsource='a.mp4'\n")
    findings = list(examine(site))
    assert [finding.part for finding in findings] == [
        "settings",
        "clock",
        "disk",
        "secrets",
        "model",
        "model",
        "camera",
        "load",
    ]
    assert all(finding.verdict is not Verdict.FAILED for finding in findings)
    assert {path.name for path in tmp_path.iterdir()} == {"site.toml", "a.mp4"}


def test_a_hub_without_a_key_or_out_of_reach_is_told_with_what_is_kept(tmp_path):
    site = parse_site(SITE + '[hub]\nurl = "https://127.0.0.1:9"\n')
    finding = examine_hub(site, tmp_path)
    assert finding.verdict is Verdict.FAILED
    assert "promenade enrol" in finding.remedy
    DeviceKey("https://127.0.0.1:9", "shop", "d", "00" * 32, "11" * 32).save(tmp_path / "hub.key")
    finding = examine_hub(site, tmp_path)
    assert finding.verdict is Verdict.WARNING
    assert "the site's own files are used" in finding.told
    (tmp_path / "hub.key").chmod(0o644)
    assert "chmod 600" in examine_hub(site, tmp_path).remedy
