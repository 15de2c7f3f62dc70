"""How alike the shipped embedders find two looks: at one person, at two, at two dressed the same.

`python -m edge_core.bench.appearance_scores DATA` takes the crops of people kept apart from
training (two cameras each, DATA/reid/val) and rendered shoppers of whom every sixth wears the same
clothes, and prints mean and standard deviation of the similarity of templates of different
cameras. `tracklet_mall.LOOKS` states what it printed. It takes a minute or two.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.errors import SourceError
from edge_core.identity.appearance import Appearance, similarity
from edge_core.simulator import Cameras, World, load_scene
from edge_core.simulator.looks import Look, random_look
from edge_core.simulator.shopper import PersonState
from edge_core.types import Float32Array, ImageArray
from edge_core.vision import load_embedder
from edge_core.vision.crops import crop
from edge_core.vision.embed import Embedder
from edge_core.vision.models import MODELS_FOLDER

EMBEDDERS: Final = ("reid-s-int8", "reid-s-open-int8")
OUTFITS: Final = 6
SEED: Final = 2100
SECONDS: Final = 150.0
EVERY_S: Final = 1.0
_SHOWS: Final = 0.8
_HIGH_PX: Final = 60
_FEWEST: Final = 2

Templates = dict[tuple[int, str], Float32Array]
"""A template by person and camera."""


def dressed(person: PersonState) -> PersonState:
    """The same body and head in one of a few outfits."""
    own = person.look
    clothes: Look = random_look(np.random.default_rng(SEED + person.number % OUTFITS))
    return replace(
        person,
        look=replace(
            clothes,
            height_m=own.height_m,
            girth=own.girth,
            feminine=own.feminine,
            skin=own.skin,
            hair=own.hair,
            hair_style=own.hair_style,
            texture_seed=own.texture_seed,
        ),
    )


def rendered(embedder: Embedder) -> Templates:
    """Templates of simulated shoppers in the demo's mall, cut out by their true boxes."""
    scene = load_scene(MODELS_FOLDER.parent / "malls" / "mall")
    world, cameras = World(scene, SEED), Cameras(scene, SEED)
    found: dict[tuple[int, str], list[Float32Array]] = {}
    for now_s in np.arange(0.0, SECONDS, EVERY_S):
        people = [dressed(person) for person in world.advance_to(float(now_s))]
        for camera in scene.site.cameras:
            frame = cameras.render(camera.id, people)
            shown = [
                it for it in frame.people if it.visibility >= _SHOWS and it.height_px >= _HIGH_PX
            ]
            crops = [crop(frame.bgr, np.array(it.full, np.float32)) for it in shown]
            for it, row in zip(shown, embedder.embed(crops), strict=True):
                found.setdefault((it.person, camera.id), []).append(row)
    return {key: _template(rows) for key, rows in found.items() if len(rows) >= _FEWEST}


def real(embedder: Embedder, folder: Path) -> Templates:
    """Templates of real people by camera, from crops named ID_cCAM_SEQ.jpg.

    Raises:
        SourceError: there are none.
    """
    found: dict[tuple[int, str], list[Float32Array]] = {}
    for path in sorted(folder.glob("*_c*_*.jpg")):
        person, camera, _ = path.stem.split("_")
        image: ImageArray = np.asarray(cv2.imread(str(path)), np.uint8)
        found.setdefault((int(person), camera), []).append(embedder.embed([image])[0])
    if not found:
        raise SourceError(f"{folder} has no crops.", "Give the folder that has reid/val.")
    return {key: _template(rows) for key, rows in found.items()}


def _template(rows: list[Float32Array]) -> Float32Array:
    appearance = Appearance()
    for row in rows:
        appearance.add(row, 1.0)
    template = appearance.template
    if template is None:
        raise ValueError("no look is good enough")
    return template


def _scores(templates: Templates) -> Iterator[tuple[str, float]]:
    """Similarities across cameras, each with what the two people are to each other."""
    keys = list(templates)
    for place, one in enumerate(keys):
        for other in keys[:place]:
            if one[1] == other[1]:
                continue
            kind = "strangers"
            if one[0] == other[0]:
                kind = "same"
            elif one[0] % OUTFITS == other[0] % OUTFITS:
                kind = "same clothes"
            yield kind, similarity(templates[one], [templates[other]])


def summary(templates: Templates, *, outfits: bool) -> dict[str, dict[str, float]]:
    """Mean, deviation and number of the similarities by kind of pair."""
    by_kind: dict[str, list[float]] = {}
    for kind, score in _scores(templates):
        by_kind.setdefault(kind if outfits or kind == "same" else "strangers", []).append(score)
    return {
        kind: {"mean": float(np.mean(s)), "sd": float(np.std(s)), "n": len(s)}
        for kind, s in by_kind.items()
    }


def main(data: Path) -> None:
    """Print what was measured, as JSON."""
    told = {}
    for name in EMBEDDERS:
        embedder = load_embedder(name)
        told[name] = {
            "real": summary(real(embedder, data / "reid" / "val"), outfits=False),
            "rendered": summary(rendered(embedder), outfits=True),
        }
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
