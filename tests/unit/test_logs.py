import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.logs import JsonFormatter, scrub


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
