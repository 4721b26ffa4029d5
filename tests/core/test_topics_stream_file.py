"""Topics of a file that is streamed, and which files are offered."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from core.errors import SettingError, UnavailableError, UploadError, VitrineError
from core.rng import stream
from core.topics import corpus_stream, stream_file, stream_files
from core.topics.corpus_settings import Settings
from core.topics.online_lda import Config as Model
from core.topics.stream_file import Config, Step

THEMES = (["lion", "tiger", "zebra", "giraffe"], ["bread", "butter", "cheese", "honey"])
WORDS = Settings(stop_languages=(), min_documents=1, max_share=1.0)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """600 short documents about one of two things."""
    dice = np.random.default_rng(0)
    with open(tmp_path / "short.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("n", "text"))
        for n in range(600):
            rows.writerow((n, " ".join(dice.choice(THEMES[n % 2], 8))))
    return tmp_path / "short.csv"


def run(path: Path, column: str = "text", seed: int = 0, **more) -> list[Step]:
    asked = {"model": Model(topics=2, alpha=0.1, passes=3), "words": WORDS, "batch": 50} | more
    config = Config(timed=False, **asked)
    data = (str(path), column, "")
    return list(stream_file.learn(data, config, generator=stream(seed, "test")))


def test_planted_topics_come_back(table: Path) -> None:
    begun, sampled, *learned = run(table)
    assert (begun.phase, sampled.phase) == ("begun", "sampled")
    assert sampled.documents == 600 and set(sampled.vocabulary) == {*THEMES[0], *THEMES[1]}
    last = learned[-1].learned
    assert last is not None and last.topics is not None
    assert learned[-1].read == 3 * 600
    best = {frozenset(last.topics.best_words(z, 4)) for z in range(2)}
    assert best == {frozenset(theme) for theme in THEMES}
    assert len(last.topics.doc_topic) == 0


def test_equal_seeds_give_equal_steps(table: Path) -> None:
    first, again = run(table, seed=1), run(table, seed=1)
    assert [one.read for one in first] == [one.read for one in again]
    assert [one.learned.objective for one in first[2:]] == [
        one.learned.objective for one in again[2:]
    ]


def test_no_more_steps_than_promised(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_file, "STEPS", 5)
    steps = run(table, batch=10)
    assert len(steps) <= 5 + 3
    assert steps[-1].read == 1800


def test_no_more_than_a_minibatch_is_held(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    real = corpus_stream.applied

    def noted(tokens, rules):
        sizes.append(len(tokens))
        return real(tokens, rules)

    monkeypatch.setattr(corpus_stream, "applied", noted)
    run(table, batch=70, sample=40)
    assert max(sizes) == 70 and sum(sizes) == 1800


def test_what_cannot_be_streamed(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(UploadError, match="empty file"):
        run(tmp_path / "empty.txt", "")
    (tmp_path / "none.csv").write_text("text\n,\n\n")
    with pytest.raises(VitrineError):
        run(tmp_path / "none.csv", "")
    (tmp_path / "stopped.txt").write_text("the and of\n" * 9)
    with pytest.raises(SettingError, match="words that are left"):
        run(tmp_path / "stopped.txt", "", words=Settings())
    with pytest.raises(UnavailableError, match=r"gone\.csv cannot be read"):
        run(tmp_path / "gone.csv")


def test_files_of_a_folder(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (table.parent / "lines.txt").write_text("one\ntwo\n")
    (table.parent / "secret.key").write_text("x")
    (table.parent / "folder.csv").mkdir()
    monkeypatch.setenv(stream_files.ENVIRONMENT, str(table.parent))
    lines, short = stream_files.files()
    assert (lines.name, short.name) == ("lines.txt", "short.csv")
    assert (lines.columns(), short.columns()) == ([], ["n", "text"])
    monkeypatch.setenv(stream_files.ENVIRONMENT, str(table))
    assert [one.name for one in stream_files.files()] == ["short.csv"]


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_folder_without_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv(stream_files.ENVIRONMENT, str(tmp_path / place))
    with pytest.raises(UnavailableError, match="names no file"):
        stream_files.files()
