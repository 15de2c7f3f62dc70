"""Reports become tag reads on the monotonic clock."""

import math

import numpy as np
import pytest

from edge_core.llrp import Bits, message, parameter
from edge_core.sensing.rfid.reports import MAX_WAITING_READS, ReadCollector, reads_of
from edge_core.units import NS_PER_S, NS_PER_US

EPC = "303435fc8803d056d15b963f"


def entry(*parts, epc=EPC):
    return parameter("TagReportData", parameter("EPC_96", EPC=bytes.fromhex(epc)), *parts)


def stamped(first_us, kind="UTC", epc=EPC):
    return entry(
        parameter("AntennaID", AntennaID=1),
        parameter(f"FirstSeenTimestamp{kind}", Microseconds=first_us),
        parameter(f"LastSeenTimestamp{kind}", Microseconds=first_us),
        epc=epc,
    )


def test_all_an_impinj_reader_tells_is_taken():
    full = entry(
        parameter("AntennaID", AntennaID=3),
        parameter("ChannelIndex", ChannelIndex=17),
        parameter("PeakRSSI", PeakRSSI=-61),
        parameter("TagSeenCount", TagCount=2),
        parameter("FirstSeenTimestampUTC", Microseconds=1_000),
        parameter("LastSeenTimestampUTC", Microseconds=3_000),
        parameter("ImpinjRFPhaseAngle", PhaseAngle=1024),
        parameter("ImpinjPeakRSSI", RSSI=-6150),
        parameter("ImpinjRFDopplerFrequency", DopplerFrequency=-40),
    )
    (read,) = reads_of(message("RO_ACCESS_REPORT", full))
    assert (read.epc, read.epc_bits) == (EPC, 96)
    assert (read.antenna, read.channel, read.seen_count) == (3, 17, 2)
    assert (read.first_us, read.last_us, read.is_utc) == (1_000, 3_000, True)
    assert read.rssi_dbm == -61.5
    assert read.phase_rad == pytest.approx(math.pi / 2)
    assert read.doppler_hz == -2.5


def test_what_a_reader_does_not_tell_is_unknown():
    (read,) = reads_of(message("RO_ACCESS_REPORT", entry(parameter("PeakRSSI", PeakRSSI=-70))))
    assert read.rssi_dbm == -70
    assert math.isnan(read.phase_rad)
    assert math.isnan(read.doppler_hz)
    assert read.first_us is None


def test_a_long_epc_is_taken_whole():
    long = parameter("EPCData", EPC=Bits(208, bytes(range(26))))
    (read,) = reads_of(message("RO_ACCESS_REPORT", parameter("TagReportData", long)))
    assert read.epc == bytes(range(26)).hex()


def test_entries_of_nonsense_are_left_out():
    nonsense = entry(parameter("AntennaID", AntennaID=65_535))
    report = message("RO_ACCESS_REPORT", parameter("TagReportData"), nonsense, entry())
    assert len(list(reads_of(report))) == 1


def test_reads_are_stamped_by_the_reader_not_by_their_arrival():
    collector = ReadCollector()
    began_us, began_ns = 1_700_000_000_000_000, 50 * NS_PER_S
    for step in range(20):
        arrives_ns = began_ns + step * 100_000_000 + (step % 7) * 30_000_000
        report = message("RO_ACCESS_REPORT", stamped(began_us + step * 100_000))
        collector.add(report, arrives_ns)
    reads = collector.take()
    # Those that came before the first undelayed one may lie later, the others exactly.
    assert np.all(np.diff(reads.time_ns) == 100_000_000)
    assert len(collector) == 0


def test_a_reader_without_utc_clock_is_stamped_too():
    collector = ReadCollector()
    collector.add(message("RO_ACCESS_REPORT", stamped(5_000_000, "Uptime")), 90 * NS_PER_S)
    collector.add(message("RO_ACCESS_REPORT", stamped(6_000_000, "Uptime")), 91 * NS_PER_S)
    assert collector.take().time_ns.tolist() == [90 * NS_PER_S, 91 * NS_PER_S]


@pytest.mark.parametrize("stamp_us", [0, 1, 2**63, 2**64 - 1])
def test_an_absurd_stamp_harms_nothing(stamp_us):
    collector = ReadCollector()
    wide = entry(
        parameter("FirstSeenTimestampUTC", Microseconds=stamp_us),
        parameter("LastSeenTimestampUTC", Microseconds=2**64 - 1 - stamp_us),
    )
    collector.add(message("RO_ACCESS_REPORT", wide), 7 * NS_PER_S)
    (time_ns,) = collector.take().time_ns.tolist()
    assert 0 <= time_ns <= 7 * NS_PER_S


def test_batches_name_each_tag_once_and_rise_in_time():
    collector = ReadCollector()
    other = EPC[:-1] + "0"
    report = message(
        "RO_ACCESS_REPORT", stamped(3_000_000), stamped(1_000_000, epc=other), stamped(2_000_000)
    )
    collector.add(report, 5 * NS_PER_S)
    reads = collector.take()
    assert reads.epcs == (other, EPC)
    assert reads.tag.tolist() == [0, 1, 1]
    assert (np.diff(reads.time_ns) // NS_PER_US).tolist() == [1_000_000, 1_000_000]


def test_reads_nobody_takes_are_bounded_and_counted():
    collector = ReadCollector()
    report = message("RO_ACCESS_REPORT", *[entry() for _ in range(100)])
    for _ in range(MAX_WAITING_READS // 100 + 2):
        collector.add(report, NS_PER_S)
    assert len(collector) == MAX_WAITING_READS
    assert collector.dropped == 200


def test_time_never_falls_from_one_batch_to_the_next():
    collector, ends_ns = ReadCollector(), []
    for step, delay_ms in enumerate((90, 10, 300, 5, 0)):
        received_ns = 10 * NS_PER_S + (step * 20 + delay_ms) * 1_000_000
        collector.add(message("RO_ACCESS_REPORT", stamped(step * 20_000)), received_ns)
        batch = collector.take()
        ends_ns += batch.time_ns.tolist()
    assert ends_ns == sorted(ends_ns)
