"""Drafts keep unsaved text, for its writer alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.form_drafts import Drafts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the drafts."""
    return tmp_path / "drafts"


def test_a_draft_is_read_exactly_as_it_was_typed(folder: Path) -> None:
    typed = {"subject": "half a qu", "details": "\x1b[31m\ud83d \r\n ü", "empty": ""}
    Drafts(folder, "ann").keep("log", typed)
    drafts = Drafts(folder, "ann")
    assert drafts.read("log") == typed
    at = drafts.saved_at("log")
    assert at is not None
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    drafts.keep("log", {"subject": "another"})
    assert drafts.read("log") == {"subject": "another"}


def test_drafts_are_separate_for_each_agent_and_form(folder: Path) -> None:
    Drafts(folder, "ann").keep("reply HD-1", {"text": "to one"})
    Drafts(folder, "ann").keep("reply HD-2", {"text": "to two"})
    assert Drafts(folder, "bob").read("reply HD-1") == {}
    assert Drafts(folder, "ann").read("reply HD-1") == {"text": "to one"}


@pytest.mark.parametrize("blank", [{}, {"text": " \n"}])
def test_a_blank_draft_is_not_saved(folder: Path, blank: dict[str, str]) -> None:
    drafts = Drafts(folder, "ann")
    drafts.keep("log", {"text": "x"})
    drafts.keep("log", blank)
    assert drafts.read("log") == {}
    assert drafts.saved_at("log") is None
    drafts.drop("log")  # no error, although there is none


def test_only_the_writer_may_read_them(folder: Path) -> None:
    Drafts(folder, "ann").keep("log", {"text": "x"})
    kept = list(folder.rglob("*"))
    assert any(path.is_file() for path in kept)
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0


@given(form=st.text(st.characters(codec="utf-8"), min_size=1, max_size=15))
def test_no_form_name_leaves_the_folder(
    tmp_path_factory: pytest.TempPathFactory, form: str
) -> None:
    folder = tmp_path_factory.mktemp("drafts")
    drafts = Drafts(folder / "drafts", "ann")
    drafts.keep(form, {"text": "typed"})
    assert drafts.read(form) == {"text": "typed"}
    assert [path.name for path in folder.iterdir()] == ["drafts"]
    assert len(list((folder / "drafts" / "ann").iterdir())) == 1


@pytest.mark.parametrize("damaged", ["", "{", "[1]", '"text"', '{"text": 1}', "\xff"])
def test_a_damaged_file_is_ignored(folder: Path, damaged: str) -> None:
    drafts = Drafts(folder, "ann")
    drafts.keep("log", {"text": "x"})
    next(folder.rglob("*.json")).write_bytes(damaged.encode("latin-1"))
    assert drafts.read("log") == {}


def test_a_failed_write_leaves_the_earlier_draft(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = Drafts(folder, "ann")
    drafts.keep("log", {"text": "earlier"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    with pytest.raises(OSError, match="No space left"):
        drafts.keep("log", {"text": "later"})
    assert drafts.read("log") == {"text": "earlier"}
