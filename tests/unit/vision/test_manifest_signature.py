"""No model is loaded that nobody vouches for."""

import os
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from edge_core.errors import ModelError
from edge_core.models_cli import models_app
from edge_core.vision.manifest_signature import OWN_KEY, sign_manifest
from edge_core.vision.models import MODELS_FOLDER, find_model, list_models


@pytest.fixture
def folder(tmp_path):
    """The shipped models; their manifest may be changed."""
    for path in MODELS_FOLDER.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_the_shipped_manifest_is_signed_with_a_key_in_the_package():
    assert list_models()


def test_a_model_swapped_together_with_its_hash_is_not_loaded(folder):
    manifest = folder / "manifest.toml"
    told = manifest.read_bytes()
    changed = re.sub(rb'(sha256 = ")[0-9a-f]{8}', rb"\g<1>00000000", told, count=1)
    assert changed != told
    manifest.write_bytes(changed)
    with pytest.raises(ModelError, match="nobody this installation trusts"):
        find_model("reid-s", "embedder", folder)


def test_an_unsigned_manifest_is_of_no_use(folder):
    (folder / "manifest.sig").write_text("no digits")
    with pytest.raises(ModelError, match="cannot be read"):
        list_models(folder)
    (folder / "manifest.sig").unlink()
    with pytest.raises(ModelError, match="models sign"):
        list_models(folder)


def test_other_line_ends_do_not_break_the_signature(folder):
    manifest = folder / "manifest.toml"
    manifest.write_bytes(manifest.read_bytes().replace(b"\n", b"\r\n"))
    assert list_models(folder)


def test_models_of_ones_own_are_loaded_where_their_key_is_trusted(folder, monkeypatch):
    public = sign_manifest(folder, Ed25519PrivateKey.generate())
    with pytest.raises(ModelError):
        list_models(folder)
    monkeypatch.setenv(OWN_KEY, public)
    assert list_models(folder)
    monkeypatch.setenv(OWN_KEY, "nonsense")
    with pytest.raises(ModelError, match="no public key"):
        list_models(folder)


def test_the_command_signs_and_makes_a_key_for_its_owner_alone(folder, monkeypatch):
    key = folder / "own.key"
    told = CliRunner().invoke(models_app, ["sign", "--key", str(key), "--folder", str(folder)])
    assert told.exit_code == 0, told.output
    public = told.output.split(OWN_KEY)[1].strip("= \n")
    monkeypatch.setenv(OWN_KEY, public)
    assert list_models(folder)
    if os.name == "posix":
        assert key.stat().st_mode & 0o777 == 0o600
