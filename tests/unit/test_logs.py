import json
import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.logs import ROTATED, JsonFormatter, LogFiles, scrub, start_logging


@pytest.fixture
def restored_logging():
    """Puts the test run's own handlers back, and closes what was opened."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_credentials_in_addresses_are_hidden():
    assert scrub("rtsp://admin:p4ss@10.0.0.5/live") == "rtsp://***@10.0.0.5/live"


def test_secret_values_are_hidden_whatever_the_notation():
    for text in ("token=abc123", '"password": "abc123"', "Authorization: Bearer abc123"):
        assert "abc123" not in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://admin:hun@ter2@10.0.0.5/live",
        "rtsp://admin:hun/ter2@10.0.0.5/live",
        "There is no video file /srv/rtsp:/admin:hunter2@10.0.0.5/live.",
        "There is no video file /srv/admin:hunter2@10.0.0.5/live.",
        "rtsp://10.0.0.5:554/user=admin_password=hunter2_channel=1_stream=0.sdp",
        "http://10.0.0.5/video?loginuse=admin&loginpas=hunter2",
        "http://10.0.0.5/video?user=admin&pass=hunter2&res=1",
        "Authorization: Basic hunter2",
    ],
)
def test_passwords_are_hidden_however_cameras_and_people_write_them(text):
    told = scrub(text)
    assert "hun" not in told
    assert "ter2" not in told


def test_words_that_only_look_like_secrets_stay():
    for text in ("at 12:30, x@y", "3 bypass: yes", '{"a": "http://h/x", "b": "u@h"}'):
        assert scrub(text) == text


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12))
def test_a_record_is_one_json_line_without_secrets(secret):
    record = logging.LogRecord(
        "camera", logging.INFO, "", 0, "open %s", (f"rtsp://u:{secret}@h/x",), None
    )
    line = JsonFormatter("capture:door").format(record)
    fields = json.loads(line)
    assert "\n" not in line
    assert fields["worker"] == "capture:door"
    assert fields["message"] == "open rtsp://***@h/x"


def test_log_files_rotate_and_stay_within_their_share(tmp_path, restored_logging):
    files = LogFiles(tmp_path / "logs", most_bytes=400_000)
    start_logging("capture:door", files=files)
    for number in range(4000):
        logging.getLogger("area").info("line %d %s", number, "x" * 200)
    kept = list(files.folder.iterdir())
    assert len(kept) == ROTATED + 1
    assert sum(path.stat().st_size for path in kept) < 450_000
    assert "line 3999" in files.path("capture:door").read_text()


def test_a_log_file_that_cannot_be_written_ends_nobody(restored_logging, tmp_path, capsys):
    start_logging("core", files=LogFiles(tmp_path, most_bytes=400_000))
    (handler,) = [it for it in logging.getLogger().handlers if hasattr(it, "baseFilename")]
    handler.stream.close()
    logging.getLogger("area").info("hello")
    handler.stream = None
    assert "Traceback" not in capsys.readouterr().err


def test_no_picture_appearance_or_endless_line_is_logged():
    look = np.full(1024, 0.125, np.float32)
    record = logging.makeLogRecord(
        {"msg": "seen %s", "args": (look,), "crop": b"\xff\xd8\xff", "vector": look.tolist()}
    )
    line = JsonFormatter("vision").format(record)
    assert "0.125" not in line
    assert json.loads(line)["crop"] == "<bytes not logged>"
    assert json.loads(line)["message"] == "seen <ndarray not logged>"
    long = logging.makeLogRecord({"msg": "y" * 1_000_000})
    assert len(JsonFormatter("vision").format(long)) < 40_000
