"""Encodings on real Chinese texts, and everything that is no text."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.datasets import columns, text
from core.errors import UploadError

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "chinese" / "sogou_mini90.tar.xz"
OTHERS = {
    "cp949": "안녕하세요 반갑습니다. 오늘 날씨가 좋네요. 한국어 문장입니다. " * 4,
    "shift_jis": "これは日本語の文章です。漢字とかなが混ざっています。" * 4,
    "euc_jp": "これは日本語の文章です。漢字とかなが混ざっています。" * 4,
    "cp1251": "Это русский текст, написанный в старой кодировке. " * 4,
    "latin-1": "Voilà un texte français, où les accents sont fréquents: été, château. " * 3,
    "cp1253": "Αυτό είναι ένα ελληνικό κείμενο. " * 4,
    "utf-16-be": "hello",
    "utf-16-le": "Привет, мир",
}


@pytest.fixture(scope="module")
def news() -> list[str]:
    if not NEWS.is_file():
        pytest.skip("no Chinese news beside this checkout")
    with tarfile.open(NEWS) as archive:
        read = [archive.extractfile(one).read().decode() for one in archive if one.isfile()]
    return [one.replace("\r\n", "\n").strip() for one in read]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16, little-endian"),
        ("utf-16-be", "UTF-16, big-endian"),
        ("utf-32", "UTF-32"),
        ("gb18030", "GBK"),
    ],
)
def test_chinese_news(news, encoding, words) -> None:
    assert len(news) == 91
    for one in news:
        found = text.decode(one.encode(encoding), "news.txt")
        assert found.text == one and found.encoding.startswith(words) and found.replaced == 0


@pytest.mark.parametrize(("encoding", "length"), [("gbk", 20), ("gbk", 60), ("big5", 20)])
def test_short_chinese(news, encoding, length) -> None:
    """Of 91 beginnings all are read; in Big5, which has no simplified characters, nearly all."""
    right = total = 0
    for one in news:
        data = one[:length].encode(encoding, "ignore")
        if data:
            total += 1
            right += text.decode(data, "short.txt").text == data.decode(encoding)
    assert total > 85 and right >= total - (2 if encoding == "big5" else 0)


def test_big5_news(news) -> None:
    for one in news:
        data = one.encode("big5", "ignore")
        assert text.decode(data, "news.txt").text == data.decode("big5")


def test_a_mark_of_either_order(news) -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        found = text.decode(mark + news[0].encode(encoding), "marked.txt")
        assert found.text == news[0]


def test_a_big_file_is_read_by_its_beginning(news) -> None:
    """Five megabytes; the sample ends at a line's end, so no character is cut in two."""
    whole = "\n".join(news) * 30
    data = whole.encode("gb18030")[: text.MAX_BYTES // 2 * 2]
    found = text.decode(data, "big.txt")
    assert found.encoding.startswith("GBK") and found.replaced <= 1
    assert found.text[:100_000] == whole[:100_000]


@pytest.mark.parametrize("encoding", OTHERS)
def test_other_encodings(encoding) -> None:
    assert text.decode(OTHERS[encoding].encode(encoding), "x.txt").text == OTHERS[encoding]


def test_lines_end_in_a_line_feed() -> None:
    assert text.decode(b"a\r\nb\rc\nd\n", "x").text == "a\nb\nc\nd\n"


def test_nul_bytes_in_a_text_are_kept() -> None:
    assert text.decode(b"name\0value\0" * 5, "x").text == "name\0value\0" * 5


def test_a_damaged_utf8_text_says_so() -> None:
    data = ("中文" * 50).encode()
    found = text.decode(data[:-1], "cut.txt")
    assert found.encoding == "UTF-8" and found.replaced == 1
    assert found.text == "中文" * 49 + "中\ufffd"


def test_right_to_left_and_beyond_the_first_plane() -> None:
    for one in ("שלום עולם", "مرحبا", "😀 ok 𝒳"):
        for encoding in ("utf-8", "utf-16"):
            assert text.decode(one.encode(encoding), "x").text == one


def test_one_byte_and_nothing() -> None:
    assert text.decode(b"a", "x").text == "a"
    assert text.decode(b"\xef\xbb\xbf", "only a mark").text == ""
    for data, given_ in ((b"", "an empty file"), (b"\x00", "no text"), (b"\x01", "no text")):
        with pytest.raises(UploadError, match=given_):
            text.decode(data, "x")


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "PNG")
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "plain text inside")
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (_png, "a PNG picture"),
        (_zip, "a ZIP archive"),
        (lambda: b"\x7fELF\x02\x01\x01" + bytes(9) + b"text" * 99, "a program"),
        (lambda: safetensors.numpy.save({"W": np.zeros(40)}), "weights"),
        (lambda: safetensors.numpy.save({"W": np.ones((9, 9), np.float32)}), "weights"),
        (lambda: np.random.default_rng(0).bytes(5000), "no text"),
        (lambda: bytes(100), "no text"),
        (lambda: np.arange(999, dtype=np.float32).tobytes(), "no text"),
    ],
)
def test_other_files_are_refused(make, kind) -> None:
    with pytest.raises(UploadError, match=kind):
        text.decode(make(), "file.txt")


def test_size_is_looked_at_before_anything(monkeypatch) -> None:
    monkeypatch.setattr(text, "_read", lambda data: pytest.fail("it was read"))
    with pytest.raises(UploadError, match="at most 5 MB, got 50.0 MB"):
        text.decode(bytes(50 << 20), "big.txt")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_an_upload_error(data) -> None:
    try:
        found = text.decode(data, "x")
    except UploadError:
        return
    assert "\r" not in found.text and found.replaced == found.text.count("\ufffd")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_survives_utf8(one) -> None:
    one = one.removeprefix("\ufeff")
    if one and "\ufffd" not in one:
        try:
            assert text.decode(one.encode(), "x").text == one
        except UploadError as error:
            assert one[:5] == "%PDF-" or "no text" in str(error)


def test_columns_of_a_table() -> None:
    data = 'n;char;"my label"\n1;"a;\n";yes\n2;;\n'.encode("utf-16")
    found = columns.columns(data, "t.csv")
    assert found == {"n": ["1", "2"], "char": ["a;\n", ""], "my label": ["yes", ""]}


def test_one_column_with_empty_cells() -> None:
    assert columns.columns(b"label\n1\n\n3\n", "t.csv") == {"label": ["1", "", "3"]}


def test_columns_of_one_name_and_of_none() -> None:
    assert list(columns.columns(b"a,a,\n1,2,3\n", "t")) == ["a", "a (2)", "column 3"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"only a line", "rows below"),
        (b"a,b\n1\n", "2 cells in every row, got 1 in row 2"),
        (b'a\n"never closed\n', "a table"),
        (b"a\n" + b"1\n" * (columns.ROWS + 1), "50,000 rows"),
        (b",".join([b"x"] * 60) + b"\n" + b"," * 59 + b"\n", "50 columns"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"a\n" + b"x" * 200_000, "a table"),
    ],
)
def test_bad_tables(data, message) -> None:
    with pytest.raises(UploadError, match=message):
        columns.columns(data, "t.csv")
