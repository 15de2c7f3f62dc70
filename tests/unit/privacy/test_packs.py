import os
import shutil
import subprocess
import sys
from datetime import date
from typing import get_args

import pytest

from edge_core.config import PrivacyConfig, parse_site
from edge_core.errors import ConfigError
from edge_core.privacy.packs import FUNCTIONS, PACKS_FOLDER, PackName, load_pack
from edge_core.sync.sections import stricter

ROOT = PACKS_FOLDER.parents[1]
SITE = """
[site]
id = "corner"
name = "Corner"
[[cameras]]
id = "door"
source = "door.mp4"
"""
LAWS = [name for name in get_args(PackName) if name not in ("strict", "none")]


def test_every_pack_ships_and_tells_what_it_was_read_from():
    assert {path.stem for path in PACKS_FOLDER.glob("*.toml")} == set(get_args(PackName))
    for name in get_args(PackName):
        pack = load_pack(name)
        assert pack.id == name
        assert "No legal advice" in (PACKS_FOLDER / f"{name}.toml").read_text().partition("\n")[0]
    for name in LAWS:
        assert load_pack(name).sources
        assert all(it.looked_at >= date(2026, 11, 1) for it in load_pack(name).sources)
        assert all(it.url or it.seen == "not looked at again" for it in load_pack(name).sources)


def test_without_a_word_the_strictest_of_all_packs_holds():
    own = parse_site(SITE).privacy
    assert own.pack == "strict"
    assert own.off == FUNCTIONS
    assert not own.recognises
    for name in LAWS:
        law = PrivacyConfig(pack=name)
        assert stricter(own, law).model_dump() == own.model_dump()


@pytest.mark.parametrize(
    ("said", "key", "told"),
    [
        ("event_days = 500", "privacy.event_days", "allows 400"),
        ("embedding_ttl_s = 3600", "privacy.embedding_ttl_s", "allows 1800"),
        ("minimum_group = 3", "privacy.minimum_group", "allows 5"),
        ("[attributes]\nface = true", "attributes.face", "face-attributes are off"),
        ('off = ["body-attributes"]\n[attributes]\nbody = ["hat"]', "attributes.body", "are off"),
    ],
)
def test_what_goes_beyond_the_pack_is_refused_with_its_line_and_a_remedy(said, key, told):
    text = f'{SITE}[privacy]\npack = "eu"\n{said}\n'
    with pytest.raises(ConfigError) as refused:
        parse_site(text)
    (problem,) = refused.value.problems
    assert problem.key == key
    assert told in problem.reason
    assert "leave" in problem.reason
    assert problem.line is not None


def test_a_site_may_be_stricter_than_its_pack():
    text = f'{SITE}[privacy]\npack = "eu"\noff = ["personal-suggestions"]\nevent_days = 30\n'
    privacy = parse_site(text).privacy
    assert privacy.event_days == 30
    assert not privacy.allows("personal-suggestions")
    assert not privacy.allows("face-attributes")
    assert privacy.allows("body-attributes")


def test_what_a_hub_tells_never_switches_anything_on():
    own, told = PrivacyConfig(pack="eu"), PrivacyConfig(pack="none", event_days=3000)
    assert stricter(own, told).model_dump() == own.model_dump()
    both = stricter(PrivacyConfig(pack="none"), PrivacyConfig(pack="eu"))
    assert both.off == PrivacyConfig(pack="eu").off


LOAD = """
import sys
from pathlib import Path
from edge_core.config import parse_site
from edge_core.service.check import check_parts
from edge_core.service.vision_worker import LoadedModels
opened = []
sys.addaudithook(lambda what, args: opened.append(str(args[0])) if what == "open" else None)
site = parse_site(Path("site.toml").read_text())
check_parts(site)
print(",".join(LoadedModels.of(site).kinds()))
print(",".join(sorted({Path(it).name for it in opened if it.endswith(".onnx")})))
"""


@pytest.fixture(scope="module")
def without_embedders(tmp_path_factory):
    """The program without the files of the networks that recognise people and look at faces."""
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(ROOT / "edge_core", folder / "edge_core", symlinks=True)
    (folder / "assets" / "models").mkdir(parents=True)
    for path in (ROOT / "assets").iterdir():
        if path.name != "models":
            (folder / "assets" / path.name).symlink_to(path)
    for path in (ROOT / "assets" / "models").iterdir():
        if not path.name.startswith(("reid", "face", "body")) or path.suffix != ".onnx":
            (folder / "assets" / "models" / path.name).symlink_to(path)
    return folder


def loaded_in(folder, pack):
    (folder / "site.toml").write_text(f'{SITE}[privacy]\npack = "{pack}"\n')
    environment = os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", LOAD], cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip


def test_a_function_that_is_off_never_opens_its_model(without_embedders):
    done = loaded_in(without_embedders, "strict")
    assert done.returncode == 0, done.stderr
    kinds, files = done.stdout.split()
    assert kinds == "detector"
    assert files.startswith("person")
    allowed = loaded_in(without_embedders, "none")
    assert allowed.returncode != 0
    assert "reid" in allowed.stderr
