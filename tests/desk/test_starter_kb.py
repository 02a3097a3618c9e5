"""The starter knowledge base, which is copied for a new account's first desk."""

from pathlib import Path

import pytest

from helpdesk import locations
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.knowledge.folder import KnowledgeFolder


def test_an_interrupted_copy_leaves_no_incomplete_knowledge_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data" / "kb"
    monkeypatch.setattr(locations, "default_knowledge_dir", lambda: folder)

    def cut_short(source: Path, target: Path) -> Path:
        target.mkdir(parents=True)
        (target / "half.md").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("helpdesk.desk.opening.shutil.copytree", cut_short)
        with pytest.raises(KeyboardInterrupt):
            open_desk(Settings(f"sqlite:///{tmp_path / 'desk.db'}", None))
    assert not folder.exists()
    open_desk(Settings(f"sqlite:///{tmp_path / 'desk.db'}", None)).close()
    shipped = {
        file.relative_to(locations.shipped_folder("kb"))
        for file in locations.shipped_folder("kb").rglob("*")
    }
    assert {file.relative_to(folder) for file in folder.rglob("*")} == shipped


def test_every_answer_is_there_in_english_german_and_french() -> None:
    folder = KnowledgeFolder(locations.shipped_folder("kb"))
    read = [folder.read(file.path) for file in folder.files()]
    answered = [article for article in read if article.answer]
    assert len(answered) > 20
    for article in read:
        assert set(article.aliases_by_language) == {"de", "fr"}, article.path
    for article in answered:
        assert list(article.answers) == ["", "de", "fr"], article.path
        counts = {text.count("\n1. ") + text.count("\n5. ") for text in article.answers.values()}
        assert len(counts) == 1, article.path  # the same steps
        assert len(set(article.answers.values())) == 3
