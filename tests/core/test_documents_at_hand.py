"""Documents that are on every machine, and 20 Newsgroups where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.datasets import docstrings, newsgroups, pydoc_topics
from core.errors import SettingError, UnavailableError

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "topics" / "20news-bydate.tar.xz"
LONG = "word " * 100
SOURCE = f'''
"""{LONG}module"""
class A:
    """{LONG}class"""
    def f(self):
        """short"""
        def inner():
            """{LONG}inner"""
    if True:
        async def g(self):
            """{LONG}method"""
add_newdoc("numpy", "sin", """{LONG}sine""")
add_newdoc("numpy", "ndarray", ("T", """{LONG}transposed"""))
add_docstr(torch.cos, r"""{LONG}""" + """{LONG}cosine""".format(x=1))
'''


def test_docstrings_of_a_source() -> None:
    found = dict(docstrings.of_source(SOURCE.encode(), "m"))
    assert {title: text.split()[-1] for title, text in found.items()} == {
        "m": "module",
        "m.A": "class",
        "m.A.f.inner": "inner",
        "m.A.g": "method",
        "numpy.sin": "sine",
        "numpy.ndarray.T": "transposed",
        "torch.cos": "cosine",
    }


@pytest.mark.parametrize("source", [b"def", b"'''", b"\xff'''" * 9, b"'''\0'''"])
def test_a_broken_source_has_none(source) -> None:
    assert list(docstrings.of_source(source, "m")) == []


def test_docstrings_are_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path))
    assert not docstrings.kept("networkx")
    first = docstrings.documents(["networkx"])
    assert docstrings.kept("networkx") and len(first) > 900 and set(first.labels) == {"networkx"}
    assert min(map(len, first.texts)) > docstrings.SHORTEST and len(set(first.texts)) == len(first)
    monkeypatch.setattr(docstrings, "gathered", lambda name: pytest.fail("read again"))
    assert docstrings.documents(["networkx"]).fingerprint == first.fingerprint


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8bnonsense", b"[]"])
def test_a_damaged_file_is_read_anew(tmp_path, monkeypatch, damage) -> None:
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path))
    monkeypatch.setattr(docstrings, "gathered", lambda name: iter([("a", "b")]))
    assert docstrings.documents(["numpy"]).texts == ("b",)
    next((tmp_path / "corpora").iterdir()).write_bytes(damage)
    assert docstrings.documents(["numpy"]).texts == ("b",)


def test_a_disk_that_refuses_costs_only_time(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(docstrings, "gathered", lambda name: iter([("a", "b")]))
    assert docstrings.documents(["numpy"]).texts == ("b",)


def test_another_package() -> None:
    with pytest.raises(SettingError, match="package"):
        docstrings.documents(["os"])


def test_the_language_reference() -> None:
    found = pydoc_topics.documents()
    assert len(found) > 70 and "assignment" in found.titles


LETTER = "From: a@b\nSubject: Re: cars \n\nJoe wrote:\n> quoted\nmy own words\n\n--\nJoe\n"


@pytest.mark.parametrize(
    "removed", [(), ("headers",), ("footers",), ("quotes",), newsgroups.REMOVABLE]
)
def test_parts_are_left_out_as_scikit_learn_does(removed) -> None:
    from sklearn.datasets import _twenty_newsgroups as peer

    for letter in (LETTER, LETTER.replace("\n--\n", "\n"), "a\n\nb", "no head", ""):
        wanted = letter
        for part in ("headers", "footers", "quotes"):  # its order
            if part in removed:
                wanted = getattr(
                    peer, f"strip_newsgroup_{part.rstrip('s').replace('quote', 'quoting')}"
                )(wanted)
        assert newsgroups.stripped(letter, removed) == wanted


def test_newsgroups_in_a_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(newsgroups.ENVIRONMENT, str(tmp_path))
    assert newsgroups.available()
    for subset, number in (("train", "1"), ("test", "2")):
        folder = tmp_path / f"20news-bydate-{subset}" / "rec.autos"
        folder.mkdir(parents=True)
        (folder / number).write_text(LETTER, encoding="latin-1")
    found = newsgroups.documents()
    assert (
        found.texts == ("my own words",)
        and found.titles == ("Re: cars",)
        and found.labels == ("rec.autos",)
    )
    assert len(newsgroups.documents("all")) == 2


def test_newsgroups_that_are_not_there(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(newsgroups.ENVIRONMENT, str(tmp_path / "missing.tar"))
    assert not newsgroups.available()
    with pytest.raises(UnavailableError):
        newsgroups.documents()
    (tmp_path / "bad.tar").write_bytes(b"nonsense")
    monkeypatch.setenv(newsgroups.ENVIRONMENT, str(tmp_path / "bad.tar"))
    with pytest.raises(UnavailableError):
        newsgroups.documents()
    monkeypatch.delenv(newsgroups.ENVIRONMENT)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    assert not newsgroups.available()
    with pytest.raises(UnavailableError, match="not on this machine"):
        newsgroups.documents()


def test_newsgroups_by_date(monkeypatch) -> None:
    if not NEWS.is_file():
        pytest.skip("no newsgroups beside this checkout")
    monkeypatch.setenv(newsgroups.ENVIRONMENT, str(NEWS))
    found = newsgroups.documents(remove=())
    assert len(found) == 11_314 and len(set(found.labels)) == 20
    assert found.labels.count("rec.autos") == 594
