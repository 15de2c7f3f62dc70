"""The emulated reader on the wire, talked to message by message."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from edge_core.config import ReaderConfig
from edge_core.llrp import (
    ConnectionStatus,
    StatusCode,
    encode_message,
    message,
    parameter,
    read_message,
)
from edge_core.sensing.rfid import probe_reader

CONTENT = (
    "EnableROSpecID",
    "EnableSpecIndex",
    "EnableInventoryParameterSpecID",
    "EnableAntennaID",
    "EnableChannelIndex",
    "EnablePeakRSSI",
    "EnableFirstSeenTimestamp",
    "EnableLastSeenTimestamp",
    "EnableTagSeenCount",
    "EnableAccessSpecID",
)


class Talk:
    """A bare connection."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer

    def say(self, request):
        self._writer.write(encode_message(request))

    def say_bytes(self, raw):
        self._writer.write(raw)

    async def hear(self, name):
        """The next message of this name; others are passed over."""
        async with asyncio.timeout(10):
            while True:
                heard = await read_message(self._reader)
                if heard.name == name:
                    return heard

    async def hear_event(self, kind):
        """The next event of this kind."""
        while True:
            data = (await self.hear("READER_EVENT_NOTIFICATION")).body.children[0]
            if data.first(kind) is not None:
                return data.one(kind)

    async def ask(self, request):
        self.say(request)
        return await self.hear(f"{request.name}_RESPONSE")

    async def is_closed(self):
        async with asyncio.timeout(10):
            while await self._reader.read(4096):
                pass
        return True


@pytest.fixture
def connect(emulator):
    """Opens a bare connection to the emulator."""

    @asynccontextmanager
    async def make():
        reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
        try:
            yield Talk(reader, writer)
        finally:
            writer.close()

    return make


def rospec(*, start=0, duration_ms=0, report_after=1):
    """A plain ROSpec on all antennas."""
    stop = parameter(
        "AISpecStopTrigger",
        AISpecStopTriggerType=int(duration_ms > 0),
        DurationTrigger=duration_ms,
    )
    inventory = parameter("InventoryParameterSpec", InventoryParameterSpecID=1, ProtocolID=1)
    boundary = parameter(
        "ROBoundarySpec",
        parameter("ROSpecStartTrigger", ROSpecStartTriggerType=start),
        parameter("ROSpecStopTrigger", ROSpecStopTriggerType=0, DurationTriggerValue=0),
    )
    selector = parameter("TagReportContentSelector", **dict.fromkeys(CONTENT, True))
    report = parameter("ROReportSpec", selector, ROReportTrigger=1, N=report_after)
    aispec = parameter("AISpec", stop, inventory, AntennaIDs=(0,))
    return parameter("ROSpec", boundary, aispec, report, ROSpecID=5, Priority=0, CurrentState=0)


def tell_of(*kinds):
    states = [
        parameter("EventNotificationState", EventType=kind, NotificationState=True)
        for kind in kinds
    ]
    return message(
        "SET_READER_CONFIG",
        parameter("ReaderEventNotificationSpec", *states),
        ResetToFactoryDefault=False,
    )


def test_a_second_client_is_refused_and_the_first_told(connect):
    async def run():
        async with connect() as first, connect() as second:
            assert (await first.hear_event("ConnectionAttemptEvent"))["Status"] == 0
            turned_away = await second.hear_event("ConnectionAttemptEvent")
            assert turned_away["Status"] == ConnectionStatus.TAKEN_BY_CLIENT
            assert await second.is_closed()
            told = await first.hear_event("ConnectionAttemptEvent")
            assert told["Status"] == ConnectionStatus.ANOTHER_ATTEMPTED

    asyncio.run(run())


def test_a_rospec_with_a_duration_ends_and_says_so(connect):
    async def run():
        async with connect() as talk:
            await talk.ask(tell_of(2))
            await talk.ask(message("ADD_ROSPEC", rospec(duration_ms=300)))
            await talk.ask(message("ENABLE_ROSPEC", ROSpecID=5))
            talk.say(message("START_ROSPEC", ROSpecID=5))
            assert (await talk.hear_event("ROSpecEvent"))["EventType"] == 0
            report = await talk.hear("RO_ACCESS_REPORT")
            assert report.body.children[0].one("ROSpecID")["ROSpecID"] == 5
            assert (await talk.hear_event("ROSpecEvent"))["EventType"] == 1
            listed = await talk.ask(message("GET_ROSPECS"))
            assert listed.body.one("ROSpec")["CurrentState"] == 1

    asyncio.run(run())


def test_reports_are_held_until_asked_for(connect, emulator, until):
    async def run():
        async with connect() as talk:
            await talk.ask(message("ADD_ROSPEC", rospec(start=1, report_after=0)))
            await talk.ask(message("ENABLE_ROSPEC", ROSpecID=5))
            began_s = emulator.emulator.time_s
            await until(lambda: emulator.emulator.time_s > began_s + 0.5)
            talk.say(message("GET_REPORT"))
            report = await talk.hear("RO_ACCESS_REPORT")
            assert len(report.body.children) == 16

    asyncio.run(run())


def test_keepalives_come_as_often_as_asked(connect):
    async def run():
        spec = parameter("KeepaliveSpec", KeepaliveTriggerType=1, PeriodicTriggerValue=100)
        async with connect() as talk:
            await talk.ask(message("SET_READER_CONFIG", spec, ResetToFactoryDefault=False))
            began_s = asyncio.get_running_loop().time()
            for _ in range(4):
                await talk.hear("KEEPALIVE")
            assert asyncio.get_running_loop().time() - began_s > 0.29

    asyncio.run(run())


def test_pulling_an_antenna_is_told_and_it_is_read_no_more(connect, emulator):
    async def run():
        async with connect() as talk:
            await talk.ask(tell_of(8))
            await talk.ask(message("ADD_ROSPEC", rospec(start=1)))
            await talk.ask(message("ENABLE_ROSPEC", ROSpecID=5))
            await talk.hear("RO_ACCESS_REPORT")
            emulator.emulator.protocol.plugged = frozenset({2})
            gone = {(await talk.hear_event("AntennaEvent"))["AntennaID"] for _ in range(3)}
            assert gone == {1, 3, 4}
            for _ in range(5):
                report = await talk.hear("RO_ACCESS_REPORT")
                assert {e.one("AntennaID")["AntennaID"] for e in report.body.children} == {2}

    asyncio.run(run())


def test_a_malformed_request_is_named_and_the_session_goes_on(connect):
    async def run():
        async with connect() as talk:
            talk.say_bytes(bytes.fromhex("04140000000e0000001100b10004"))
            error = await talk.hear("ERROR_MESSAGE")
            assert error.number == 0x11
            assert error.body.one("LLRPStatus")["StatusCode"] == StatusCode.FIELD_ERROR
            listed = await talk.ask(message("GET_ROSPECS"))
            assert listed.body.one("LLRPStatus")["StatusCode"] == StatusCode.SUCCESS

    asyncio.run(run())


def test_goodbye_closes_the_connection(connect):
    async def run():
        async with connect() as talk:
            await talk.ask(message("CLOSE_CONNECTION"))
            assert await talk.is_closed()

    asyncio.run(run())


def test_it_serves_as_a_program_until_it_is_told_to_stop():
    code = "from edge_core.simulator.rfid import serve_reader\n"
    code += "serve_reader(port=0, tags=4, on_ready=lambda port: print(port, flush=True))"
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        port = int(program.stdout.readline())
        config = ReaderConfig(id="r", host="127.0.0.1", port=port, antennas=[{"number": 1}])
        assert asyncio.run(probe_reader(config)).reachable
        program.terminate()
        assert program.wait(10) == 0
    finally:
        program.kill()
        program.communicate()
