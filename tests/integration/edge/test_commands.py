"""The commands, run as a person runs them."""

import json
import subprocess
import sys

import pytest

from edge_core.vision.mot import read_mot


def promenade(*arguments, code=0, timeout=150):
    command = [sys.executable, "-m", "edge_core", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == code, done.stderr
    return done


def test_replay_counts_whoever_walks_through_and_writes_tracks(recording, tmp_path):
    tracks = tmp_path / "tracks.txt"
    video = recording / "door.mp4"
    said = json.loads(promenade("replay", "--video", video, "--mot", tracks, "--json").stdout)
    assert set(said) >= {
        "people",
        "tracks",
        "frames",
        "processed_fps",
        "dropped",
        "latency_ms_p95",
    }
    assert said["frames"] == 120
    assert said["dropped"] == 0
    assert 1 <= said["people"] <= said["tracks"]
    rows = read_mot(tracks)
    assert len(set(rows.track_id.tolist())) == said["tracks"]
    assert rows.frame.min() >= 1
    assert rows.frame.max() <= 120


def test_replay_is_the_same_twice(recording):
    video = recording / "door.mp4"
    first, second = (
        json.loads(promenade("replay", "--video", video, "--json").stdout) for _ in range(2)
    )
    assert [first[key] for key in ("people", "tracks", "frames")] == [
        second[key] for key in ("people", "tracks", "frames")
    ]


def test_replay_of_all_cameras_applies_the_sites_lines(recording):
    site = recording / "site.toml"
    videos = [part for path in ("door", "women", "men", "till") for part in ("--video", path)]
    videos = [f"{recording / part}.mp4" if part != "--video" else part for part in videos]
    said = json.loads(promenade("replay", *videos, "--site", site, "--json").stdout)
    assert said["frames"] == 480
    assert all(set(counts) == {"entered", "left"} for counts in said["lines"].values())


def test_replay_of_what_is_no_video_says_so(tmp_path):
    notes = tmp_path / "notes.mp4"
    notes.write_text("this is no video")
    done = promenade("replay", "--video", notes, code=3)
    assert "no video that can be read" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_check_config_shows_the_shipped_sites():
    for mall in ("shop", "mall"):
        shown = json.loads(
            promenade("check-config", "--site", f"assets/malls/{mall}/site.toml", "--json").stdout
        )
        assert shown["ok"]
        assert all("calibrated" in camera for camera in shown["cameras"])


def test_check_config_tells_every_mistake_to_a_machine(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[site]\nid='a'\nname='A'\n[[cameras]]\nid='c'\nsource='usb:0'\nfps=0\n")
    said = json.loads(promenade("check-config", "--site", site, "--json", code=2).stdout)
    assert not said["ok"]
    assert [problem["line"] for problem in said["problems"]] == [7]


def test_models_are_whole_and_run():
    rows = json.loads(promenade("models", "verify", "--json").stdout)
    assert {row["state"] for row in rows} == {"ok"}
    assert {"person-s-int8", "reid-s-int8"} <= {row["name"] for row in rows}


@pytest.mark.parametrize(
    "command",
    [
        "edge",
        "demo",
        "check-config",
        "doctor",
        "simulate-reader",
        "replay",
        "simulate",
        "bench",
        "models list",
        "models verify",
        "models train detector",
        "models eval",
        "till import",
        "report audit",
        "enrol",
        "hub",
        "hub code",
        "hub orders",
        "hub publish",
        "hub revoke",
    ],
)
def test_every_command_has_help_with_an_example(command):
    assert "Example:" in promenade(*command.split(), "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("simulate", "--out", "{file}/below", "--seconds", "1"), 3, "{file}"),
        (("demo", "--headless", "--seconds", "10", "--out", "{file}"), 3, "{file}"),
        (("bench", "no-such"), 2, "there are"),
        (("edge", "--log", "xml"), 2, "json"),
    ],
)
def test_wrong_input_is_told_in_words(arguments, code, told, tmp_path):
    file = tmp_path / "taken"
    file.write_text("")
    done = promenade(*(part.format(file=file) for part in arguments), code=code)
    assert told.format(file=file) in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_ledger_that_cannot_be_made_is_told_once_and_at_once(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(
        "[site]\nid='a'\nname='A'\n[[cameras]]\nid='c'\nsource='usb:0'\n"
        "[service]\nport=0\nledger='no-such-folder/ledger.db'\n"
    )
    done = promenade("edge", "--site", site, code=3, timeout=20)
    assert done.stderr.count("no-such-folder") == 1


@pytest.mark.timeout(240)
def test_the_demo_runs_headless_counts_people_and_renders_both_screens(tmp_path):
    promenade("demo", "--headless", "--seconds", 30, "--out", tmp_path, timeout=220)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["people"] > 0
    assert summary["items"]["recognised"] > 0
    assert summary["screens_rendered"]
    for name in summary["screenshots"]:
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
