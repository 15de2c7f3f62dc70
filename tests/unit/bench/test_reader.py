"""The emulated reader stays as like a real one as it was measured to be."""

import numpy as np
import pytest

from edge_core.bench.reader import real_recordings, simulated_recordings, statistics_of
from edge_core.errors import SourceError
from edge_core.tag_reads import TagReads


def test_a_tag_at_rest_looks_as_in_real_recordings():
    # Real: 6.3 reads/s, .36 rad, 1.3 and 2.2 dB, .10 flipped (32 recordings of an R420).
    said = statistics_of(simulated_recordings("static", 5, seed=1))
    assert said.reads_per_s == pytest.approx(6.3, rel=0.2)
    assert said.dwell_s == pytest.approx(0.204, rel=0.03)
    assert said.channels == 50
    assert 0.15 < said.phase_sd_rad < 0.6
    assert 0.05 < said.flip_share < 0.2
    assert 0.8 < said.rssi_sd_within_db < 2.4
    assert 1.3 < said.rssi_sd_across_db < 3.3


def test_a_carried_tag_looks_as_in_real_recordings():
    # Real: 4.0 reads/s, .68 rad, 3.1 and 3.5 dB (58 recordings).
    said = statistics_of(simulated_recordings("moving", 5, seed=1))
    assert said.reads_per_s == pytest.approx(4.0, rel=0.3)
    assert 0.5 < said.phase_sd_rad < 0.9
    assert 2.2 < said.rssi_sd_within_db < 5.0


def test_statistics_of_a_known_recording():
    """Two carriers; on each the phase is 1 rad, a quarter of the reads turned by pi."""
    count = 400
    flipped = np.arange(count) % 4 == 0
    reads = TagReads(
        epcs=("ab",),
        tag=np.zeros(count, np.int32),
        time_ns=np.arange(count, dtype=np.int64) * 10**7,
        antenna=np.ones(count, np.int16),
        channel=(np.arange(count) // 20 % 2 + 1).astype(np.int16),
        rssi_dbm=np.full(count, -50, np.float32),
        phase_rad=(1.0 + np.pi * flipped).astype(np.float32),
        doppler_hz=np.zeros(count, np.float32),
    )
    said = statistics_of([reads])
    assert said.reads_per_s == pytest.approx(100, rel=0.01)
    assert said.flip_share == pytest.approx(0.25)
    assert said.phase_sd_rad == pytest.approx(0, abs=1e-3)
    assert said.rssi_sd_across_db == 0


def test_a_folder_without_recordings_is_named(tmp_path):
    with pytest.raises(SourceError, match="holds no recordings"):
        real_recordings(tmp_path, "static")
