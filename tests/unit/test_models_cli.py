"""What `promenade models` tells who types it."""

import json
import sys

import pytest
from typer.testing import CliRunner

from edge_core.cli import app, main
from edge_core.train_cli import train_app
from edge_core.vision.models import list_models

RECIPES = {command.name for command in train_app.registered_commands} - {"tag-motion"}
"""Of networks; tag motion takes a minute, needs no extra and cannot be taken up again."""


def run(*arguments):
    return CliRunner().invoke(app, ["models", *arguments])


def complaint(monkeypatch, capsys, *arguments):
    """Exit code and the line a person reads, through the program's own entry."""
    monkeypatch.setattr(sys, "argv", ["promenade", "models", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


def test_there_is_a_recipe_for_every_kind_of_model():
    assert {"detector", "reid", "face", "body"} <= RECIPES


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_every_recipe_says_what_it_does_with_an_example(recipe):
    shown = run("train", recipe, "--help")
    assert shown.exit_code == 0
    assert f"promenade models train {recipe}" in shown.stdout.replace("\n", " ")
    for option in ("--data", "--out", "--resume"):
        assert option in shown.stdout


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_without_its_extra_a_recipe_says_how_to_get_it(monkeypatch, capsys, tmp_path, recipe):
    monkeypatch.setattr("edge_core.training.find_spec", lambda name: None)
    code, told = complaint(monkeypatch, capsys, "train", recipe, "--data", str(tmp_path))
    assert code == 3
    assert "pip install promenade[train]" in told


def test_tag_motion_says_what_recordings_it_misses(monkeypatch, capsys, tmp_path):
    arguments = ("train", "tag-motion", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    code, told = complaint(monkeypatch, capsys, *arguments)
    assert code == 3
    assert "static" in told


def test_a_folder_that_is_not_there_is_named():
    failed = run("train", "detector", "--data", "no-such-folder")
    assert failed.exit_code == 2
    assert "no-such-folder" in failed.output


def test_an_unknown_model_is_answered_with_the_known_ones(monkeypatch, capsys, tmp_path):
    code, told = complaint(monkeypatch, capsys, "eval", "nobody", "--data", str(tmp_path))
    assert code == 3
    assert all(spec.name in told for spec in list_models())


@pytest.mark.parametrize("name", ["person-s", "reid-s"])
def test_data_that_is_missing_is_told_with_a_remedy(monkeypatch, capsys, tmp_path, name):
    pytest.importorskip("openvino", reason="needs the extra `train`")
    code, told = complaint(monkeypatch, capsys, "eval", name, "--data", str(tmp_path))
    assert code == 3
    assert str(tmp_path) in told.replace("\n", "")
    assert "Give" in told


def test_a_size_is_for_detectors_only(tmp_path):
    failed = run("eval", "reid-s", "--data", str(tmp_path), "--size", "320")
    assert failed.exit_code == 2
    assert "only detectors" in failed.output


def test_the_listing_is_json_for_a_machine():
    rows = json.loads(run("list", "--json").stdout)
    assert {row["name"] for row in rows} == {spec.name for spec in list_models()}
