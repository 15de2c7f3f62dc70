import json
import logging

from hypothesis import given
from hypothesis import strategies as st

from edge_core.logs import JsonFormatter, scrub


def test_credentials_in_addresses_are_hidden():
    assert scrub("rtsp://admin:p4ss@10.0.0.5/live") == "rtsp://***@10.0.0.5/live"


def test_secret_values_are_hidden_whatever_the_notation():
    for text in ("token=abc123", '"password": "abc123"', "Authorization: Bearer abc123"):
        assert "abc123" not in scrub(text)


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
