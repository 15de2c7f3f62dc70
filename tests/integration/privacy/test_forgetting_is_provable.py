"""A short day through the whole product; then everything it left behind is searched.

People with a known look stand before a kiosk's camera in whose picture a recognisable strip was
planted. Neither may be found on the disk, in what passed over the network, or in any answer; and
after *Forget me* not in the memory of any process either. Every search must find a leak planted
on purpose.
"""

import base64
import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import numpy as np
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from camera import Camera, chips_as_rows, with_chips

from edge_core.config import ScreenConfig, ZoneConfig
from edge_core.privacy.audit import (
    LoopbackCapture,
    Searched,
    Wanted,
    files_of,
    open_files,
    search,
    search_files,
    search_memory,
)
from edge_core.service.demo import free_port, mall_folder
from edge_core.service.embedding_form import embedding_form
from edge_core.simulator.background import draw_background
from edge_core.simulator.frames import CameraRenderer
from edge_core.simulator.scene import load_scene
from edge_core.simulator.siteout import site_with_sources
from edge_core.simulator.surfaces import scene_surfaces
from edge_core.simulator.walkways import Walkways
from edge_core.simulator.wardrobe import Wardrobe
from edge_core.simulator.world import World
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.pipeline import CameraPipeline

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="searches /proc"),
    pytest.mark.timeout(600),
]
LONG_S = 120
log = logging.getLogger(__name__)
SEED = 3


def until(condition, what, seconds=LONG_S):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def pictures(scene):
    """Somebody at the simulated shop's door before a grey wall, and the wall alone.

    The wall, because the shop's mannequins look like people, and would rightly be remembered.
    """
    pose = next(it for it in scene.config.cameras if it.id == "door")
    walkways = Walkways(scene.site.floors[0])
    background = draw_background(scene, pose, scene_surfaces(scene, SEED), walkways)
    renderer = CameraRenderer(scene, pose, background, Wardrobe(), SEED)
    world, detector = World(scene, SEED, 30.0), load_detector()
    wall = np.full((360, 640, 3), 114, np.uint8)
    assert not (detector.detect([with_chips(wall)])[0].score > 0.2).any()
    for step in range(36, 200):
        picture = renderer.render(world.advance_to(step * 0.5)).bgr
        found = detector.detect([picture])[0]
        for x1, y1, x2, y2 in found.xyxy_px[found.score > 0.75].astype(int).tolist():
            alone = wall.copy()
            if y1 < 60 or y2 > 330 or x1 < 20 or x2 > 400:
                continue
            alone[y1 - 12 : y2 + 12, x1 - 12 : x2 + 12] = picture[
                y1 - 12 : y2 + 12, x1 - 12 : x2 + 12
            ]
            score = detector.detect([with_chips(alone)])[0].score
            if (score > 0.7).sum() == 1 and not ((score > 0.2) & (score < 0.7)).any():
                return alone, wall
    raise AssertionError("nobody stands at the door")


def looks_of(frames, camera, embedder_name):
    """What the service takes of those people's looks, float32 (V, D): each only once."""
    pipeline = CameraPipeline(camera, load_detector(), load_embedder(embedder_name), epoch=1)
    known = []
    for number in range(len(frames)):
        now_ns = (number + 1) * 170_000_000
        moment = {"mono_ns": now_ns, "utc_ns": now_ns, "received_mono_ns": now_ns}
        for row in pipeline.process(frames[number], **moment).embedding:
            if all(float(row @ other) < 0.97 for other in known):
                known.append(row)
    return np.array(known, np.float32)


@dataclass
class Day:
    """What the day left behind, and what a search of it found."""

    folder: Path
    wanted: Wanted
    finds: dict = field(default_factory=dict)
    searched: Searched = field(default_factory=Searched)
    receipt: dict = field(default_factory=dict)
    before: list = field(default_factory=list)
    statuses: list = field(default_factory=list)
    seconds_until_gone: float = 0.0


def children(process):
    return [it.pid for it in psutil.Process(process.pid).children(recursive=True)]


def ask_everything(url, answers):
    """All answers that can be had by GET without a name, and the beginning of the live stream."""
    with httpx.Client(base_url=url, timeout=30) as client:
        paths = client.get("/openapi.json").json()["paths"]
        for path, methods in paths.items():
            if "get" not in methods or "{" in path or path == "/v1/stream":
                continue
            answer = client.get(path)
            answers.append((path, answer.content))
        with client.stream("GET", "/v1/stream") as stream:
            part = b""
            with suppress(httpx.ReadTimeout):
                for piece in stream.iter_bytes():
                    part += piece
                    if len(part) > 6_000:
                        break
            answers.append(("/v1/stream", part))
    return len(paths)


def choose(client, answers, end):
    """What a kiosk asks for a visitor who chose to be seen; and the receipt of its end."""
    begun = client.post("/v1/suggestions/sessions", json={"screen": "lobby", "choice": "seen"})
    session = begun.json()["session"]
    answers.append(("begin", begun.content))
    for path in ("sessions/show", "stores", "coupon"):
        answer = client.post(f"/v1/suggestions/{path}", json={"session": session})
        answers.append((path, answer.content))
    return end(session)


def forgotten(client, camera, answers):
    """Everybody leaves, and asks to be forgotten in leaving."""

    def end(session):
        camera.show = "nobody"
        ended = client.post(
            "/v1/suggestions/sessions/end", json={"session": session, "forget": True}
        )
        answers.append(("end", ended.content))
        return ended.json()["forgotten"]

    for _ in range(5):
        camera.show = "people"
        until(lambda: len(client.get("/v1/live").json()["people"]) >= 1, "somebody in view")
        receipt = choose(client, answers, end)
        if receipt["people"] and receipt["appearances"]:
            return receipt
    raise AssertionError(f"nobody was forgotten: {receipt}")


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    scene = load_scene(mall_folder("shop"))
    people, nobody = pictures(scene)
    port = free_port()
    with ExitStack() as stack:
        camera = Camera(people, nobody)
        stack.callback(camera.stop)
        site = site_for(scene.site, camera.url, port)
        looks = looks_of(camera.frames("people"), site.cameras[0], site.models.embedder)
        assert len(looks)
        assert with_chips(people).any()
        form = embedding_form(site)
        wanted = Wanted(embeddings=looks, pixels=chips_as_rows(), form=form)
        in_memory = Wanted(embeddings=looks, form=form, thorough=False)
        told = Day(folder, wanted)
        (folder / "site.toml").write_text(site_with_sources(site, {}), encoding="utf-8")
        capture = None
        if os.geteuid() == 0:
            capture = stack.enter_context(LoopbackCapture([port]))
        process = start(folder)
        stack.callback(stop, process)
        live_the_day(told, camera, process, f"http://127.0.0.1:{port}", in_memory)
        stop(process)
    if capture is not None:
        told.finds["network"] = [
            find
            for name, data in capture.flows()
            if not counted(told.searched, data)
            for find in search(data, name, wanted)
        ]
        told.searched.lost_packets = capture.lost
    named = [(str(it), it) for it in files_of([folder])]
    told.finds["disk, stopped"] = search_files(named, wanted, told.searched)
    log.info("looks %s, before %s", len(looks), told.before)
    log.info("%s, gone after %.1f s", told.searched.told(), told.seconds_until_gone)
    return told


def counted(searched, data):
    searched.flows += 1
    searched.flow_bytes += len(data)


def site_for(site, url, port):
    """The shop's door alone, with a kiosk before which the whole floor lies."""
    floor = site.floors[0]
    door = next(it for it in site.cameras if it.id == "door")
    reach = ZoneConfig(
        id="before", name="Before", floor=floor.id, kind="reach", polygon_m=floor.outline_m
    )
    screen = ScreenConfig(id="lobby", kind="kiosk", floor=floor.id, position_m=(9.0, 8.0))
    changes = {
        "cameras": (door.model_copy(update={"source": url}),),
        "zones": (reach,),
        "screens": (screen,),
        "service": site.service.model_copy(update={"port": port, "products": None}),
        **dict.fromkeys(("lines", "racks", "readers", "links"), ()),
    }
    return site.model_copy(update=changes)


def start(folder):
    command = [sys.executable, "-m", "edge_core", "edge", "--site", str(folder / "site.toml")]
    with (folder / "edge.log").open("ab") as sink:
        return subprocess.Popen(command, stdout=sink, stderr=sink, start_new_session=True)


def stop(process):
    if process.poll() is None:
        process.terminate()
        process.wait(60)


def live_the_day(told, camera, process, url, in_memory):
    answers = []
    with httpx.Client(base_url=url, timeout=30) as client:

        def serving():
            with suppress(httpx.TransportError):
                cameras = client.get("/health").json().get("cameras", ())
                return any(it["processed_fps"] > 0 for it in cameras)
            return False

        until(serving, "frames processed")
        camera.show = "people"
        until(lambda: client.get("/v1/live").json()["people"], "somebody in view")
        told.before = until(
            lambda: search_memory(children(process), in_memory, Searched()), "looks in memory"
        )
        ask_everything(url, answers)
        told.receipt = forgotten(client, camera, answers)
        began = time.monotonic()

        def gone():
            told.finds["memory"] = search_memory(children(process), in_memory, told.searched)
            return not told.finds["memory"]

        with suppress(AssertionError):
            until(gone, "looks gone from memory", 30)
        told.seconds_until_gone = time.monotonic() - began
        ask_everything(url, answers)
    told.finds["answers"] = [
        find for path, data in answers for find in search(data, path, told.wanted)
    ]
    told.searched.answers = len(answers)
    told.searched.answer_bytes = sum(len(data) for _, data in answers)
    pids = [process.pid, *children(process)]
    open_ones = [it for it in open_files(pids) if not it[0].startswith(str(told.folder))]
    named = [(str(it), it) for it in files_of([told.folder])]
    told.finds["disk"] = search_files([*named, *open_ones], told.wanted, told.searched)


def test_the_looks_were_in_memory_while_they_were_of_use(day):
    """Else the search after Forget me would prove nothing."""
    assert {it.what for it in day.before} >= {"embedding as float32"}
    assert day.receipt["people"] >= 1


def test_after_forget_me_no_process_holds_what_anybody_looks_like(day):
    assert day.finds["memory"] == []


def test_nothing_of_anybody_is_on_the_disk_while_it_runs_and_after(day):
    assert day.finds["disk"] == []
    assert day.finds["disk, stopped"] == []
    assert day.searched.databases >= 2
    assert day.searched.pages > 10


def test_no_answer_and_no_connection_carried_anything_of_anybody(day):
    assert day.finds["answers"] == []
    assert day.searched.answers > 20
    if "network" not in day.finds:
        pytest.skip("only root may listen to the loopback interface")
    assert day.finds["network"] == []
    assert day.searched.flow_bytes > day.searched.answer_bytes
    assert day.searched.lost_packets == 0


def capture_of(stack, port):
    return stack.enter_context(LoopbackCapture([port])) if os.geteuid() == 0 else None


def leak_file(folder, looks):
    (folder / "core.1234").write_bytes(os.urandom(777) + looks[0].tobytes())


def leak_crash_dump_text(folder, looks):
    (folder / "crash.txt").write_text(f"locals: e = {looks[-1].tolist()}")


def leak_free_page(folder, looks):
    with closing(sqlite3.connect(folder / "other.db")) as db:
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("CREATE TABLE looks (e BLOB)")
        db.executemany("INSERT INTO looks VALUES (?)", [(it.tobytes(),) for it in looks] * 9)
        db.commit()
        db.execute("DROP TABLE looks")
        db.commit()
        assert db.execute("PRAGMA freelist_count").fetchone()[0] > 0


def leak_wal(folder, looks):
    db = sqlite3.connect(folder / "wal.db")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE looks (e BLOB)")
    db.execute("INSERT INTO looks VALUES (?)", (looks[0].astype(np.float16).tobytes(),))
    db.commit()
    return db


def leak_log(folder, looks):
    with (folder / "edge.log").open("a") as log:
        log.write(json.dumps({"level": "info", "e": base64.b64encode(looks[0]).decode()}) + "\n")


def leak_frame(folder, looks):
    rows = np.repeat(chips_as_rows()[0][None], 16, axis=0)
    (folder / "frame.raw").write_bytes(rows.tobytes())


def leak_somebody_else(folder, looks):
    stranger = load_embedder("reid-s-int8").embed([np.full((200, 90, 3), 90, np.uint8)])
    (folder / "cache.bin").write_bytes(stranger.tobytes())


@pytest.mark.parametrize(
    "leak",
    [
        leak_file,
        leak_crash_dump_text,
        leak_free_page,
        leak_wal,
        leak_log,
        leak_frame,
        leak_somebody_else,
    ],
)
def test_the_same_search_finds_a_leak_on_the_disk(day, tmp_path, leak):
    kept = leak(tmp_path, day.wanted.embeddings)
    named = [(str(it), it) for it in files_of([tmp_path])]
    assert search_files(named, day.wanted, Searched())
    if kept is not None:
        kept.close()


def test_the_same_search_finds_a_leak_in_an_answer_and_on_the_network(day):
    body = json.dumps({"look": day.wanted.embeddings[0].round(4).tolist()}).encode()

    class Leaking(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Leaking)
    thread = Thread(target=server.handle_request)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with ExitStack() as stack:
        capture = capture_of(stack, server.server_address[1])
        answer = httpx.get(url).content
        thread.join()
        if capture is not None:
            until(lambda: any(body[-50:] in data for _, data in list(capture.flows())), "captured")
    server.server_close()
    assert list(search(answer, url, day.wanted))
    if capture is not None:
        assert [it for name, data in capture.flows() for it in search(data, name, day.wanted)]


def test_the_same_search_finds_a_look_that_a_process_freed_without_wiping(day, tmp_path):
    """What the service would be without overwriting what it frees."""
    np.save(tmp_path / "looks.npy", day.wanted.embeddings)
    program = (
        "import numpy as np, sys\n"
        f"looks = np.load({str(tmp_path / 'looks.npy')!r})\n"
        "copies = [looks * 2 for _ in range(9)]\n"
        "del looks, copies\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    environment = {key: it for key, it in os.environ.items() if key != "GLIBC_TUNABLES"}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=-1, stdout=-1, env=environment
    ) as process:
        process.stdout.readline()
        quick = Wanted(embeddings=day.wanted.embeddings, thorough=False)
        found = search_memory([process.pid], quick, Searched())
        process.stdin.close()
    assert found
