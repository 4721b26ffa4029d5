"""Treebanks that somebody brings: files, archives, folders, NLTK's corpora; and who is hostile."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.datasets import treebank, treebanks, treebanks_nltk
from core.datasets.treebanks import Treebank, gather, held_out
from core.datasets.treebanks_nltk import PENN, SINICA
from core.datasets.treebanks_sinica import read_sinica
from core.errors import SettingError, UnavailableError, UploadError
from core.rng import stream

GOOD = b"(S (NP she) (VP sings))\n"


def archive(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as made:
        for name, content in files:
            made.writestr(name, content)
    return held.getvalue()


def bank(sizes: tuple[int, ...]) -> Treebank:
    return Treebank(tuple(treebank.trees()[: sum(sizes)]), sizes)


def test_files_and_archives_in_their_order() -> None:
    zipped = archive(("b.mrg", b"(B b)"), ("a.mrg", b"(A a) (A a)"), ("notes.doc", b"(X x)"))
    found = gather([("one.txt", GOOD), ("two.zip", zipped)])
    assert [str(tree) for tree in found.trees] == [
        "(S (NP she) (VP sings))",
        "(A a)",
        "(A a)",
        "(B b)",
    ]
    assert found.sizes == (1, 2, 1) and found.slips == ()


def test_a_broken_tree_costs_itself_alone() -> None:
    text = b"(S (NP she) (VP sings))\n(S (NP he) (VP\n(S (NP it) (VP rains))\n"
    found = gather([("zoo.mrg", text), ("data.bin", b"\x00\x01\x02\x03" * 50)])
    assert [tree.words() for tree in found.trees] == [("she", "sings"), ("it", "rains")]
    first, second = map(str, found.slips)
    assert first.startswith("zoo.mrg, line 2, column 1") and "missing" in first
    assert second.startswith("data.bin: ") and "no text" in second
    with pytest.raises(UploadError, match="line 1, column 1"):
        gather([("x.mrg", b"(S (NP she)")])
    with pytest.raises(UploadError, match="no tree"):
        gather([])


def test_chinese_in_other_encodings() -> None:
    text = "(S (NP (NN 猎人)) (VP (VV 看见) (NP (NN 老虎))))\n" * 20
    for encoding in ("utf-8", "utf-16", "gb18030"):
        found = gather([("x.mrg", text.encode(encoding))])
        assert found.trees[0].words() == ("猎人", "看见", "老虎")
        assert treebanks.language(found.trees) == "chinese"


def test_hostile_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UploadError, match="swells"):
        gather([("bomb.zip", archive(("a.mrg", b"(A a)\n" + b" " * 3_000_000)))])
    with pytest.raises(UploadError, match="whole"):
        gather([("cut.zip", archive(("a.mrg", GOOD * 100))[:-40])])
    with pytest.raises(UploadError, match="whole"):
        gather([("odd.zip", b"PK\x03\x04" + b"x" * 100)])
    names = ("../../up.mrg", "/root.mrg", ".hidden.mrg", "__MACOSX/a.mrg", "deep/a.mrg")
    found = gather([("names.zip", archive(*((name, GOOD) for name in names)))])
    assert len(found.trees) == 1  # the last; and nothing is ever written
    link = zipfile.ZipInfo("link.mrg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr(link, "/etc/passwd")
        made.writestr("a.mrg", GOOD)
    assert len(gather([("link.zip", held.getvalue())]).trees) == 1
    monkeypatch.setattr(treebanks, "MOST_BYTES", 1000)
    with pytest.raises(UploadError, match="at most 0 MB"):
        gather([("a.mrg", GOOD * 30), ("b.mrg", GOOD * 30)])
    with pytest.raises(UploadError, match="at most 0 MB"):
        gather([("x.zip", archive(("a.mrg", GOOD * 50)))])


def test_an_archive_that_lies_about_its_sizes() -> None:
    data = bytearray(archive(("a.mrg", GOOD * 1000)))
    at = data.index(b"PK\x01\x02")  # the list of contents: its unpacked size, made small
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(UploadError):
        gather([("x.zip", bytes(data))])


def test_many_trees_or_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treebanks, "MOST_TREES", 5)
    with pytest.raises(UploadError, match="at most 5 trees"):
        gather([("a.mrg", GOOD * 6)])
    monkeypatch.setattr(treebanks, "MOST_FILES", 2)
    with pytest.raises(UploadError, match="at most 2 files"):
        gather([(f"{k}.mrg", GOOD) for k in range(3)])
    with pytest.raises(UploadError, match="at most 2 files"):
        gather([("a.zip", archive(*((f"{k}.mrg", GOOD) for k in range(3))))])


@settings(deadline=None, max_examples=60)
@given(some.binary(max_size=200), some.booleans())
def test_any_bytes_are_trees_or_a_message(data: bytes, packed: bool) -> None:
    name, content = ("x.zip", b"PK\x03\x04" + data) if packed else ("x.mrg", data)
    try:
        assert gather([(name, content)]).trees
    except UploadError as error:
        assert str(error)


def test_what_is_held_out() -> None:
    few = bank((60,))
    train, test = held_out(few, 0.1)
    assert (len(train), len(test)) == (54, 6)
    assert (*train, *test) == few.trees
    files = bank((5,) * 12)  # whole files, the last ones
    train, test = held_out(files, 0.1)
    assert len(test) == 10 and (*train, *test) == files.trees
    drawn, rest = held_out(files, 0.3, generator=stream(1))
    assert {*drawn}.isdisjoint(rest) and {*drawn, *rest} == {*files.trees}
    places = sorted(files.trees.index(tree) for tree in rest)
    assert all(places[k : k + 5] == list(range(places[k], places[k] + 5)) for k in range(0, 20, 5))
    assert held_out(files, 0.3, generator=stream(1))[1] == rest
    assert held_out(files, 0.3, generator=stream(2))[1] != rest
    assert len(held_out(bank((2,)), 0.01)[1]) == len(held_out(bank((2,)), 0.99)[0]) == 1
    for share in (0.0, 1.0):
        with pytest.raises(SettingError, match="held out"):
            held_out(few, share)
    with pytest.raises(SettingError, match="two trees"):
        held_out(bank((1,)), 0.5)


def test_languages() -> None:
    assert treebanks.language(treebank.trees("english")) == "english"
    assert treebanks.language(treebank.trees("chinese")) == "chinese"
    assert treebanks.language(gather([("a", b"(S (NP sie) (VP singt))")]).trees) == "other"


def test_the_folder_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(treebanks.ENVIRONMENT, raising=False)
    assert treebanks.configured() is None
    monkeypatch.setenv(treebanks.ENVIRONMENT, str(tmp_path))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.mrg").write_bytes(b"(B b)")
    (tmp_path / "a.mrg").write_bytes(b"(A a)")
    (tmp_path / "c.zip").write_bytes(archive(("c.mrg", b"(C c)")))
    (tmp_path / "readme.md").write_bytes(b"(D d)")
    path = treebanks.configured()
    assert path == tmp_path
    assert [tree.label for tree in treebanks.from_path(path).trees] == ["A", "C", "B"]
    before = treebanks.state(path)
    (tmp_path / "a.mrg").write_bytes(b"(A a) (A a)")
    assert treebanks.state(path) != before
    assert len(treebanks.from_path(tmp_path / "a.mrg").trees) == 2
    with pytest.raises(UnavailableError, match="not there"):
        treebanks.from_path(tmp_path / "none")
    assert treebanks.state(tmp_path / "none") == ""


SINICA_TEXT = """#1:1.[4257] NP(Head:Neu:一)#。(PERIODCATEGORY)
#2:3.[39029] S(agent:NP(Head:N(DUMMY1:Nba:嘉珍|Head:Caa:和|DUMMY2:Nhaa:我))|Head:VC1:住在)#，(COMMACATEGORY)
#3:4.[1] broken NP(Head
"""


def test_sinica_s_trees() -> None:
    trees, problems = read_sinica(SINICA_TEXT)
    assert [str(tree) for tree in trees] == [
        "(NP (Neu 一))",
        "(S (NP (N (Nba 嘉珍) (Caa 和) (Nhaa 我))) (VC1 住在))",
    ]
    assert [problem.line for problem in problems] == [3]
    assert [str(tree) for tree in gather([("parsed", SINICA_TEXT.encode())]).trees] == [
        str(tree) for tree in trees
    ]


@settings(deadline=None, max_examples=100)
@given(some.text("#[]:()|一a \n1", max_size=60))
def test_sinica_s_lines_may_be_anything(text: str) -> None:
    trees, problems = read_sinica(text)
    assert len(trees) + len(problems) <= len(text.splitlines())
    assert all(tree.words() for tree in trees)


@pytest.fixture
def nltk_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that NLTK looks into, and another for Vitrine."""
    data = pytest.importorskip("nltk.data")
    monkeypatch.setattr(data, "path", [str(tmp_path)])
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path / "home"))
    (tmp_path / "corpora").mkdir()
    return tmp_path / "corpora"


def test_nltk_s_corpora_where_they_lie(nltk_folder: Path) -> None:
    assert treebanks_nltk.found(PENN) is None
    inside = nltk_folder / "treebank" / "combined"
    inside.mkdir(parents=True)
    (inside / "wsj_0001.mrg").write_bytes(GOOD)
    (nltk_folder / "treebank" / "other.mrg").write_bytes(b"(X x)")
    path = treebanks_nltk.found(PENN)
    assert path == nltk_folder / "treebank"
    assert [tree.label for tree in treebanks_nltk.load(path, PENN).trees] == ["S"]
    zipped = archive(
        ("sinica_treebank/parsed", SINICA_TEXT.encode()), ("sinica_treebank/raw", b"x")
    )
    (nltk_folder / "sinica_treebank.zip").write_bytes(zipped)
    path = treebanks_nltk.found(SINICA)
    assert path is not None and len(treebanks_nltk.load(path, SINICA).trees) == 2
    (nltk_folder / "sinica_treebank.zip").write_bytes(b"PK no")
    with pytest.raises(UnavailableError, match="cannot be read"):
        treebanks_nltk.load(path, SINICA)


def test_fetching(nltk_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = nltk_folder / "source"
    source.mkdir()
    (source / "treebank.zip").write_bytes(archive(("treebank/combined/wsj_0001.mrg", GOOD)))
    monkeypatch.setattr(treebanks_nltk, "ADDRESS", f"{source.as_uri()}/")
    path = treebanks_nltk.fetch(PENN)
    assert path == treebanks_nltk.found(PENN)
    assert len(treebanks_nltk.load(path, PENN).trees) == 1
    (source / "sinica_treebank.zip").write_bytes(b"<html>no</html>")
    with pytest.raises(UnavailableError, match="not the corpus"):
        treebanks_nltk.fetch(SINICA)
    (source / "sinica_treebank.zip").unlink()
    with pytest.raises(UnavailableError, match="could not be downloaded"):
        treebanks_nltk.fetch(SINICA)
    assert treebanks_nltk.found(SINICA) is None
