from datetime import UTC, datetime, timedelta

import pytest

from edge_core.config.site_file import SiteFile, SiteFileError

BEGAN = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("first", encoding="utf-8")
    path.chmod(0o640)
    return SiteFile(path)


def test_a_save_replaces_the_text_and_keeps_the_old_one_with_the_same_rights(file):
    file.save("second", file.read()[1])
    assert file.read()[0] == "second"
    (backup,) = file.backups()
    assert backup.read_text(encoding="utf-8") == "first"
    assert {path.stat().st_mode & 0o777 for path in (file.path, backup)} == {0o640}
    assert len(list(file.path.parent.iterdir())) == 2


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(file):
    base = file.read()[1]
    file.path.write_text("by hand", encoding="utf-8")
    with pytest.raises(SiteFileError, match="somebody else"):
        file.save("second", base)
    assert file.read()[0] == "by hand"
    assert file.backups() == []


def test_undo_goes_back_step_by_step_until_nothing_is_left(file):
    for step, text in enumerate(("second", "third")):
        file.save(text, file.read()[1], BEGAN + timedelta(seconds=step))
    assert file.undo() == "second"
    assert file.undo() == "first"
    assert file.read()[0] == "first"
    with pytest.raises(SiteFileError, match="no earlier"):
        file.undo()


def test_only_the_last_ten_are_kept(file):
    for step in range(14):
        file.save(f"text {step}", file.read()[1], BEGAN + timedelta(seconds=step))
    kept = [path.read_text(encoding="utf-8") for path in file.backups()]
    assert kept == [f"text {step}" for step in range(12, 2, -1)]


def test_a_folder_that_cannot_be_written_leaves_the_file_as_it_is(file, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SiteFileError, match="No space left"):
        file.save("second", file.read()[1])
    assert file.path.read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["site.toml"]
