"""The searcher finds what is planted, in every form; what it does not find is not there."""

import base64
import gzip
import json
import os
import sqlite3
from contextlib import closing

import cv2
import numpy as np
import pytest

from edge_core.privacy.audit import (
    EmbeddingForm,
    Searched,
    Wanted,
    files_of,
    open_files,
    search,
    search_files,
    search_memory,
)
from edge_core.vision.embed import STRANGERS

RNG = np.random.default_rng(5)
FORM = EmbeddingForm(4, 129, 0.4)


def embedding(seed):
    """A unit vector as `vision.embed` makes them: four blocks, each with one constant."""
    said = np.random.default_rng(seed).standard_normal((4, 128))
    said /= np.linalg.norm(said, axis=1, keepdims=True)
    shared = 0.4 / np.sqrt(1 - 0.4**2)
    blocks = np.concatenate([said, np.full((4, 1), shared)], axis=1)
    row = blocks.ravel()
    return (row / np.linalg.norm(row)).astype(np.float32)


KNOWN = embedding(1)
WANTED = Wanted(embeddings=KNOWN[None])
NOISE = RNG.bytes(3001)


def finds(data, wanted=WANTED):
    return sorted(it.what for it in search(NOISE + data + NOISE, "here", wanted))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (KNOWN.tobytes(), "embedding as float32"),
        (KNOWN[100:].tobytes(), "embedding as float32"),
        ((3 * KNOWN + 0.01 * embedding(2)).tobytes(), "embedding as float32"),
        (KNOWN.astype(np.float16).tobytes(), "embedding as float16"),
        (np.round(KNOWN * 400).astype(np.int8).tobytes(), "embedding as int8"),
        (json.dumps(KNOWN.tolist()).encode(), "embedding as numbers"),
        (b";".join(b"%.4f" % it for it in KNOWN) + b";", "embedding as numbers"),
        (b'"' + base64.b64encode(KNOWN.tobytes()) + b'"', "embedding as float32 in base64"),
        (KNOWN.tobytes().hex().encode(), "embedding as float32 in hexadecimal"),
    ],
)
def test_a_known_embedding_is_found_in_every_form_at_any_place(data, told):
    if told.endswith(("numbers", "base64", "hexadecimal")):
        assert told in {it.what for it in search(b"line: " + data + b" end", "here", WANTED)}
    assert told in finds(data)


def test_strangers_noise_and_ordinary_files_are_no_finds():
    assert finds(embedding(3).tobytes()) == []
    assert finds(json.dumps(embedding(3).tolist()).encode()) == []
    assert finds(json.dumps(list(range(500))).encode()) == []
    assert finds(b"\0" * 5000) == []
    assert 0 < STRANGERS < 0.95


def test_anybodys_embedding_is_found_by_its_form_and_nothing_else_is_taken_for_one():
    anybody = Wanted(form=FORM)
    assert finds(embedding(77).tobytes(), anybody) == ["somebody's embedding"]
    unit = RNG.standard_normal(516)
    unit = (unit / np.linalg.norm(unit)).astype(np.float32)
    assert finds(unit.tobytes(), anybody) == []
    weights = (RNG.standard_normal(200_000) * 0.044).astype(np.float32)
    assert finds(weights.tobytes(), anybody) == []


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_pictures_are_found_wherever_they_lie(kind):
    picture = RNG.integers(0, 255, (40, 60, 3), np.uint8)
    data = cv2.imencode(f".{kind}", picture)[1].tobytes()
    name = {"jpg": "JPEG", "png": "PNG", "webp": "WebP"}[kind]
    assert name in finds(data)
    assert f"{name} in base64" in {
        it.what for it in search(b"data:image;base64," + base64.b64encode(data), "", WANTED)
    }
    assert f"{name} in packed bytes" in {it.what for it in search(gzip.compress(data), "", WANTED)}


def test_planted_pixels_are_found_in_raw_frames_though_they_were_compressed_before():
    chips = RNG.choice(np.array([40, 215], np.uint8), 64)
    row = np.repeat(np.repeat(chips, 8), 3)
    frame = RNG.integers(0, 255, (120, 640, 3), np.uint8)
    frame[50:58, 60:572] = row.reshape(1, 512, 3)
    seen = cv2.imdecode(cv2.imencode(".jpg", frame)[1], cv2.IMREAD_COLOR)
    wanted = Wanted(pixels=[row, np.repeat(chips, 8)])
    assert finds(seen.tobytes(), wanted) == ["planted pixels"]
    assert finds(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY).tobytes(), wanted) == ["planted pixels"]
    frame[50:58] = RNG.integers(0, 255, (8, 640, 3), np.uint8)
    assert finds(frame.tobytes(), wanted) == []


def test_what_was_deleted_from_a_database_is_found_in_its_free_pages(tmp_path):
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("CREATE TABLE looks (e BLOB)")
        db.execute("INSERT INTO looks VALUES (?)", (KNOWN.tobytes(),))
        db.commit()
        db.execute("DELETE FROM looks")
        db.commit()
    searched = Searched()
    found = search_files([(str(path), path)], WANTED, searched)
    assert {it.what for it in found} == {"embedding as float32"}
    assert searched.databases == 1
    assert searched.pages >= searched.free_pages >= 0
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM")
    assert search_files([(str(path), path)], WANTED, Searched()) == []


def test_files_without_a_name_and_hidden_ones_are_searched(tmp_path):
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x").write_bytes(NOISE + KNOWN.tobytes())
    gone = tmp_path / "gone"
    with gone.open("wb") as file:
        file.write(KNOWN.tobytes())
        file.flush()
        gone.unlink()
        named = [(str(it), it) for it in files_of([tmp_path])]
        nameless = [it for it in open_files([os.getpid()]) if str(tmp_path) in it[0]]
        assert len(search_files(named, WANTED, Searched())) == 1
        assert len(search_files(nameless, WANTED, Searched())) == 1


def test_pictures_that_the_settings_name_are_allowed_to_be_pictures(tmp_path):
    plan = tmp_path / "plan.png"
    plan.write_bytes(cv2.imencode(".png", np.zeros((9, 9, 3), np.uint8))[1].tobytes())
    searched = Searched()
    assert search_files([("plan", plan)], WANTED, searched, own=[plan]) == []
    assert searched.skipped == 1
    assert len(search_files([("plan", plan)], WANTED, searched)) == 1


def test_memory_holds_an_embedding_until_it_is_overwritten():
    quick = Wanted(embeddings=embedding(9)[None], thorough=False)
    kept = embedding(9)
    searched = Searched()
    assert search_memory([os.getpid()], quick, searched)
    assert searched.processes == 1
    assert searched.memory_bytes > 1_000_000
    del kept
