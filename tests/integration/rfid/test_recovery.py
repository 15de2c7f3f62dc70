"""Whatever happens to the connection, the client comes back and never breaks."""

import asyncio
import contextlib
import datetime
import ipaddress
import re
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge_core.llrp import ConnectionStatus, encode_message, message, parameter, read_message
from edge_core.sensing.reconnect import CameraState
from edge_core.simulator.rfid import ReaderThread, rail_world


def streaming(client):
    return client.status.state is CameraState.STREAMING


def test_a_broken_connection_is_made_anew(emulator, config_of, running, until):
    async def run():
        async with running(config_of(emulator.port)) as (client, _):
            await until(lambda: streaming(client) and client.status.reads > 0)
            for again in (1, 2):
                await asyncio.to_thread(emulator.call, emulator.emulator.drop_client)
                await until(lambda again=again: client.status.reconnects == again)
                before = client.status.reads
                await until(lambda before=before: client.status.reads > before)
            return client.status

    status = asyncio.run(run())
    assert status.reason == ""


def test_a_session_left_by_a_crash_is_cleared_away(emulator, config_of, running, until):
    """The first client vanishes without a word; its ROSpec runs on and fills the one place."""

    async def vanish():
        reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
        await read_message(reader)
        writer.write(encode_message(message("ADD_ROSPEC", bare_rospec(77), number=1)))
        assert (await read_message(reader)).name == "ADD_ROSPEC_RESPONSE"
        writer.transport.abort()

    async def run():
        await vanish()
        assert list(emulator.emulator.protocol.rospecs) == [77]
        async with running(config_of(emulator.port)) as (client, _):
            await until(lambda: client.status.reads > 0)
            return list(emulator.emulator.protocol.rospecs)

    assert asyncio.run(run()) == [1]


def test_a_client_that_sleeps_is_dropped_and_the_reader_free_again(
    emulator, config_of, running, until
):
    """The reader's own watch ends a half-open session, so that ours gets in."""

    async def run():
        reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
        await read_message(reader)
        for request in (
            message("IMPINJ_ENABLE_EXTENSIONS", Reserved=0, number=1),
            message("SET_READER_CONFIG", *watch(200), ResetToFactoryDefault=False, number=2),
        ):
            writer.write(encode_message(request))
        async with running(config_of(emulator.port)) as (client, _):
            await until(lambda: "Another program" in client.status.reason)
            await until(lambda: client.status.reads > 0)  # nobody acknowledged the keepalives
        writer.close()

    asyncio.run(run())


def test_keepalives_are_answered(emulator, config_of, running, until):
    async def run():
        config = config_of(emulator.port, keepalive_s=0.2)
        async with running(config) as (client, _):
            await until(lambda: streaming(client))
            await asyncio.sleep(0)
            began = asyncio.get_running_loop().time()
            # More than twice as long as the reader would wait for an answer.
            await until(lambda: asyncio.get_running_loop().time() - began > 1.5)
            return client.status

    status = asyncio.run(run())
    assert status.state is CameraState.STREAMING
    assert status.reconnects == 0


def test_a_reader_that_is_switched_on_later_is_found(config_of, running, until):
    async def run():
        with ReaderThread(rail_world(4)) as thread:
            port = thread.port
        async with running(config_of(port)) as (client, _):
            await until(lambda: client.status.state is CameraState.LOST)
            assert "cannot be reached" in client.status.reason
            assert client.status.remedy
            with ReaderThread(rail_world(4), port=port):
                await until(lambda: client.status.reads > 0)
            await until(lambda: not streaming(client))

    asyncio.run(run())


def test_a_wrong_setting_is_told_and_not_a_crash(emulator, config_of, running, until):
    async def run():
        config = config_of(emulator.port, antennas=[{"number": 7}])
        async with running(config) as (client, _):
            await until(lambda: "antenna 7 does not exist" in client.status.reason)

    asyncio.run(run())


GREETING = encode_message(
    message(
        "READER_EVENT_NOTIFICATION",
        parameter(
            "ReaderEventNotificationData",
            parameter("UTCTimestamp", Microseconds=1),
            parameter("ConnectionAttemptEvent", Status=ConnectionStatus.SUCCESS),
        ),
    )
)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.0 400 Bad Request\r\n\r\n", "claims to be|reserved bits"),
        (b"\x04\x3d\xff\xff\xff\xff\x00\x00\x00\x01" + bytes(100_000), "claims to be"),
        (GREETING + b"\x00" * 50, "claims to be"),
        (GREETING + b"\x04\x3d\x00\x00\x00\x0e\x00\x00\x00\x01junk" * 60, "is unknown|claims"),
        (b"", "closed"),
    ],
    ids=["another-protocol", "giant", "zeros", "malformed-reports", "hangs-up"],
)
def test_a_hostile_reader_is_refused_and_tried_again(config_of, running, until, said, reason):
    """Nothing it says may do more than end the connection."""
    tries = 0

    async def talk(reader, writer):
        nonlocal tries
        tries += 1
        writer.write(said)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()

    async def run():
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, running(config_of(port)) as (client, batches):
            await until(lambda: tries >= 3)
            await until(lambda: client.status.reason != "")
            return client.status, batches

    status, batches = asyncio.run(run())
    # Which of them is seen first depends on how the bytes arrive.
    assert re.search(f"{reason}|closed|broke", status.reason)
    assert batches == []


def test_a_hostile_client_harms_no_reader(emulator, config_of, running, until):
    async def run():
        for junk in (
            b"\xff" * 64,
            b"\x04\x14\x00\x00\x00\x0e\x00\x00\x00\x05junk",
            b"GET / HTTP\r\n",
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
            writer.write(junk)
            writer.close()
            await until(lambda: not emulator.emulator.has_client)
        async with running(config_of(emulator.port)) as (client, _):
            await until(lambda: client.status.reads > 0)

    asyncio.run(run())


class TestTls:
    @pytest.fixture
    def certificate(self, tmp_path):
        """A certificate that the reader has signed itself, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "reader")])
        now = datetime.datetime.now(datetime.UTC)
        names = [x509.DNSName("reader"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        signed = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key, hashes.SHA256())
        )
        (tmp_path / "reader.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        (tmp_path / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return tmp_path

    @pytest.fixture
    def secure(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "reader.pem", certificate / "key.pem")
        with ReaderThread(rail_world(4), tls=context) as thread:
            yield thread

    def test_a_trusted_reader_is_read(self, secure, certificate, config_of, running, until):
        async def run():
            config = config_of(secure.port, tls=True, tls_ca="reader.pem", tls_name="reader")
            async with running(config, folder=certificate) as (client, _):
                await until(lambda: client.status.reads > 0)

        asyncio.run(run())

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({}, "is not trusted"),
            ({"tls_ca": "reader.pem", "tls_name": "another"}, "is not trusted"),
            ({"tls_ca": "missing.pem"}, "cannot be used"),
        ],
    )
    def test_others_are_not(self, secure, certificate, config_of, running, until, given, reason):
        async def run():
            config = config_of(secure.port, tls=True, **given)
            async with running(config, folder=certificate) as (client, _):
                await until(lambda: reason in client.status.reason)

        asyncio.run(run())

    def test_a_reader_without_tls_is_named(self, emulator, config_of, running, until):
        async def run():
            async with running(config_of(emulator.port, tls=True)) as (client, _):
                await until(lambda: "TLS" in client.status.reason)

        asyncio.run(run())


def watch(period_ms):
    return (
        parameter("KeepaliveSpec", KeepaliveTriggerType=1, PeriodicTriggerValue=period_ms),
        parameter("ImpinjLinkMonitorConfiguration", LinkMonitorMode=1, LinkDownThreshold=3),
    )


def bare_rospec(number):
    stop = parameter("AISpecStopTrigger", AISpecStopTriggerType=0, DurationTrigger=0)
    inventory = parameter("InventoryParameterSpec", InventoryParameterSpecID=1, ProtocolID=1)
    boundary = parameter(
        "ROBoundarySpec",
        parameter("ROSpecStartTrigger", ROSpecStartTriggerType=0),
        parameter("ROSpecStopTrigger", ROSpecStopTriggerType=0, DurationTriggerValue=0),
    )
    aispec = parameter("AISpec", stop, inventory, AntennaIDs=(0,))
    return parameter("ROSpec", boundary, aispec, ROSpecID=number, Priority=0, CurrentState=0)


def test_an_answer_that_is_no_llrp_ends_the_try_at_once(config_of, running, until):
    """The reader's answer to the first request has a damaged body."""

    async def talk(reader, writer):
        writer.write(GREETING)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = await read_message(reader)
            head = bytes.fromhex("040b0000000e") + request.number.to_bytes(4, "big")
            writer.write(head + b"junk")
            await reader.read()
        writer.close()

    async def run():
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, running(config_of(port)) as (client, _):
            await until(lambda: "claims to be" in client.status.reason, 10.0)
            assert client.status.malformed >= 1

    asyncio.run(run())
