"""Documents from tables, pages, Word and PDF files; whatever is no document says so and harms nothing."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from datetime import date

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from core.datasets import cells, documents_dates, documents_files, documents_stream, documents_table
from core.datasets import documents_zip as zips
from core.datasets.documents import Documents, joined
from core.datasets.documents_files import gather
from core.datasets.documents_table import Columns
from core.errors import SettingError, UnavailableError, UploadError

SCRIPT = "<script>alert('x')</script> and <b>bold</b>"
TABLE = (
    'id,body,group,day\n1,the first text is long,a,2020-01-02\n2,,b,x\n3,"third, quoted",a,1999\n'
)


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(*pages: str, password: str = "") -> bytes:
    writer = PdfWriter()
    for page in pages:
        added = writer.add_blank_page(300, 300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        added[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in page.split("\n"))
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 10 250 Td {lines} ET".encode())
        added[NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_text_stays_as_it_is() -> None:
    found = gather([("a.txt", SCRIPT.encode())])
    assert found.texts == (SCRIPT,) and found.titles == ("a.txt",) and found.labels is None


def test_several_encodings_at_once() -> None:
    french = "Voilà un texte français, où les accents sont fréquents: été, château."
    chinese = "我看见了老师和他的书，天气很好。" * 4
    found = gather(
        [
            ("a.txt", chinese.encode("gb18030")),
            ("b.txt", chinese.encode("utf-16")),
            ("c.txt", french.encode("latin-1")),
        ]
    )
    assert found.texts == (chinese, chinese, french)


def test_a_web_page() -> None:
    page = (
        "<html><head><title>A  title</title><style>p{}</style></head><body><!-- no --><p>w<b>or</b>d &amp; "
        "more</p><script>alert(1)</script><ul><li>one<li>two</ul>tail<br>end</body></html>"
    )
    found = gather([("a.html", page.encode())])
    assert found.titles == ("A title",)
    assert found.texts[0].split() == ["word", "&", "more", "one", "two", "tail", "end"]
    assert "word & more\n" in found.texts[0] and "tail\nend" in found.texts[0]


def test_a_web_page_in_the_encoding_that_it_names() -> None:
    text = "<meta charset='koi8-r'><p>погода</p>"
    assert gather([("a.htm", text.encode("koi8-r"))]).texts == ("погода",)
    wrong = "<?xml version='1.0' encoding='utf-8'?><meta charset='nonsense'><p>café</p>"
    assert gather([("a.htm", wrong.encode())]).texts == ("café",)


@pytest.mark.parametrize("page", ["<html></html>", "<!-- -->", "<script>x</script>", "   "])
def test_a_web_page_with_nothing_to_read(page) -> None:
    with pytest.raises(UploadError):
        gather([("a.html", page.encode())])


def test_a_deep_web_page() -> None:
    """What is nested without end is cut off; what stands before is read."""
    assert gather([("a.html", b"<p>before</p>" + b"<div>" * 20_000 + b"in")]).texts == ("before",)


def test_a_word_document() -> None:
    found = gather([("a.docx", word("First line.", SCRIPT))])
    assert found.texts[0].split("\n") == ["First line.", SCRIPT, "left\tright"]


def test_a_pdf() -> None:
    found = gather([("a.pdf", pdf("The first neu-\nral page", "and the second"))])
    assert found.texts == ("The first neural page\n\nand the second",)


def test_a_pdf_without_text_and_a_locked_one() -> None:
    with pytest.raises(UploadError, match="pictures of pages"):
        gather([("a.pdf", pdf(""))])
    assert PdfReader(io.BytesIO(pdf("x", password="secret"))).is_encrypted
    with pytest.raises(UploadError, match="locked"):
        gather([("a.pdf", pdf("x", password="secret"))])


def test_too_many_pages(monkeypatch) -> None:
    monkeypatch.setattr("core.datasets.documents_pdf.MOST_PAGES", 1)
    with pytest.raises(UploadError, match="1 pages"):
        gather([("a.pdf", pdf("a", "b"))])


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".zip"])
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_whatever_stands_in_a_damaged_file(ending, data) -> None:
    """Any byte may be another: a text is read or the message says what is wrong."""
    whole = {
        ".pdf": pdf("some text"),
        ".docx": word("some text"),
        ".zip": zipped({"a.txt": "text" * 9}),
    }
    content = bytearray(whole[ending])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        gather([("a" + ending, bytes(content[: data.draw(st.integers(1, len(content)))]))])
    except UploadError as error:
        assert "wanted" in str(error)


def test_a_table_by_its_columns() -> None:
    chosen = Columns(text="body", title="id", label="group", date="day")
    found = gather([("t.csv", TABLE.encode())], chosen)
    assert found.texts == ("the first text is long", "third, quoted")
    assert found.titles == ("1", "3") and found.labels is None  # one label tells nothing apart
    assert found.dates == (date(2020, 1, 2), date(1999, 1, 1))
    assert found.slips == ("t.csv: 1 rows have nothing in “body”.",)


def test_the_longest_column_is_the_text() -> None:
    assert gather([("t.csv", TABLE.encode())]).texts[0] == "the first text is long"
    assert documents_table.names(io.BytesIO(TABLE.encode()), "t.csv") == [
        "id",
        "body",
        "group",
        "day",
    ]


def test_a_table_without_the_column() -> None:
    with pytest.raises(UploadError, match="no column “nonsense”; there are: id, body, group, day"):
        gather([("t.csv", TABLE.encode())], Columns(text="nonsense"))


def test_rows_that_are_none_are_told() -> None:
    found = gather(
        [("t.tsv", b"a\ttext\n1\tgood\n2\n3\tgood\tmore\n4\tgood\n")], Columns(text="text")
    )
    assert found.texts == ("good", "good") and found.titles == ("row 1", "row 2")
    assert [slip.partition(":")[0] for slip in found.slips] == ["t.tsv, row 2", "t.tsv, row 3"]


def test_objects_a_line() -> None:
    lines = [
        json.dumps({"text": "one", "year": 1990}),
        "[]",
        "{",
        "9" * 5000,
        "[" * 10**5,
        '{"text": "two"}',
        "",
    ]
    found = gather([("t.jsonl", "\n".join(lines).encode())], Columns(text="text", date="year"))
    assert found.texts == ("one", "two") and found.dates == (date(1990, 1, 1), None)
    assert len(found.slips) == 4
    with pytest.raises(UploadError, match="an object of JSON a line"):
        gather([("t.jsonl", b"1\n2\n")])


@pytest.mark.parametrize("data", [b"", b"a,b\n", b"\n", b"\x00\x01\x02" * 99])
def test_tables_without_rows(data) -> None:
    with pytest.raises(UploadError):
        gather([("t.csv", data)])


def test_a_long_table_in_another_encoding(monkeypatch) -> None:
    """The encoding is found in the beginning, the rest is read by it."""
    monkeypatch.setattr("core.datasets.documents_text.HEAD", 4096)
    rows = [f"第{n}篇文章,今天的天气很好" for n in range(2000)]
    for encoding in ("gb18030", "utf-8", "utf-16", "utf-8-sig", "utf-16-le"):
        data = "\n".join(["题目,内容", *rows]).encode(encoding)
        found = gather([("t.csv", data)], Columns(text="内容", title="题目"))
        assert len(found) == 2000 and found.titles[-1] == "第1999篇文章"


def test_long_cells_are_read_and_the_limit_of_others_is_kept() -> None:
    usual = csv.field_size_limit()
    table = b"text,label\n" + b"x" * (2 * usual) + b",a\n" + b"y" * (2 * usual) + b",b\n"
    first, second = (documents_table.rows(io.BytesIO(table), "t.csv") for _ in range(2))
    assert len(next(first)["text"]) == 2 * usual
    assert len(next(second)["text"]) == 2 * usual
    assert [row["label"] for row in first] == ["b"]  # the other still reads
    assert [row["label"] for row in second] == ["b"]
    assert csv.field_size_limit() == usual


def test_folders_of_an_archive_are_labels() -> None:
    data = zipped(
        {"x/a/1.txt": "one", "x/b/2.txt": "two", "x/b/p.html": "<p>three", "x/skip.png": b"\x89PNG"}
    )
    found = gather([("z.zip", data)])
    assert found.texts == ("one", "two", "three") and found.labels == ("a", "b", "b")


def test_names_that_lead_out_of_a_folder_are_names() -> None:
    data = zipped({"../../etc/passwd.txt": "one", "/root/b.txt": "two", "C:\\x\\c.txt": "three"})
    found = gather([("z.zip", data)])
    assert len(found) == 3
    assert set(found.titles) == {"passwd.txt", "b.txt", "c.txt"}


def test_chinese_names_in_an_archive() -> None:
    data = bytearray(zipped({"aaaaaaaa/1.txt": "one", "bbbbbbbb/2.txt": "two"}))
    for plain, name in ((b"aaaaaaaa", "体育新闻"), (b"bbbbbbbb", "财经新闻")):
        data = data.replace(plain, name.encode("gbk"))
    assert gather([("z.zip", bytes(data))]).labels == ("体育新闻", "财经新闻")


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(UploadError, match="swells up"):
        gather([("z.zip", zipped({"a.txt": b"\0" * 50 * 2**20}))])
    with pytest.raises(UploadError, match="swells up"):
        gather([("w.docx", zipped({"word/document.xml": b" " * 50 * 2**20}))])


def test_an_archive_that_lies_about_its_size(monkeypatch) -> None:
    monkeypatch.setattr(zips, "RATIO", 10**9)
    data = bytearray(zipped({"a.txt": b"x" * 10**6}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + place, 10)
    with pytest.raises(UploadError):
        gather([("z.zip", bytes(data))])


def test_bounds_are_told(monkeypatch) -> None:
    monkeypatch.setattr(documents_files, "MOST_BYTES", 2**20)
    with pytest.raises(UploadError, match="at most 1 MB together, got 2 MB"):
        gather([("a.txt", b"x" * 2**20), ("b.txt", b"x" * 2**20)])
    with pytest.raises(UploadError, match="1 MB when unpacked"):
        gather([("z.zip", zipped({f"{n}.txt": b"ab" * 2**18 for n in range(4)}))])
    monkeypatch.setattr(documents_files, "MOST_DOCUMENTS", 2)
    with pytest.raises(UploadError, match="at most 2 documents"):
        gather([("t.csv", b"a\n1\n2\n3\n")])
    with pytest.raises(UploadError, match="at most 2 documents"):
        gather([("z.zip", zipped({f"{n}.txt": "x" for n in range(3)}))])


def test_entities_that_swell_up() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    good = zipfile.ZipFile(io.BytesIO(word("text")))
    for encoding in ("utf-8", "utf-16"):
        files = {one.filename: good.read(one) for one in good.infolist()}
        files["word/document.xml"] = bomb.encode(encoding)
        with pytest.raises(UploadError, match="entities"):
            gather([("a.docx", zipped(files))])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n "),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 99),
        ("noise.txt", bytes(range(256)) * 9),
        ("x.exe", b"MZ"),
        ("none", b"text"),
        ("text.pdf", b"hello"),
        ("text.docx", b"hello"),
        ("text.zip", b"hello"),
        ("z.zip", zipped({"a.png": "x"})),
        ("w.docx", zipped({"a.txt": "x"})),
    ],
)
def test_what_is_no_document(name, data) -> None:
    with pytest.raises(UploadError):
        gather([(name, data)])


def test_a_bad_file_costs_itself_alone() -> None:
    found = gather([("a.txt", b"good"), ("b.txt", b""), ("c.pdf", b"x")])
    assert found.texts == ("good",) and [slip.partition(":")[0] for slip in found.slips] == [
        "b.txt",
        "c.pdf",
    ]


def test_what_is_known_of_documents_is_known_of_each() -> None:
    with pytest.raises(SettingError, match="titles"):
        Documents("x", ("a",), ())
    both = joined("y", [Documents("x", ("a",), ("t",)), Documents("x", ("b",), ("u",), ("l",))])
    assert both.labels == ("", "l") and both.dates is None and both.take([1]).texts == ("b",)
    assert both.fingerprint != both.take([1]).fingerprint


@pytest.mark.parametrize(
    ("cells_", "wanted"),
    [
        (["2020-05-03T10:00:00Z", "2020/5/3", "20200503", "2020年5月3日"], [date(2020, 5, 3)] * 4),
        (["03/05/2020", "3.5.2020", "31/12/99"], [date(2020, 5, 3), date(2020, 5, 3), date(1999, 12, 31)]),
        (["03/05/2020", "3.5.2020"], [date(2020, 3, 5), date(2020, 5, 3)]),
        (["Mon, 3 May 1993 10:00:00 +0200", "1588500000", "1588500000000"],
         [date(1993, 5, 3), date(2020, 5, 3), date(2020, 5, 3)]),
        (["2020-02-31", "", "soon", "99", "0000", "2020-13"], [None] * 6),
    ],
)  # fmt: skip
def test_dates(cells_, wanted) -> None:
    assert list(documents_dates.read(cells_)) == wanted


@given(st.lists(st.text(), max_size=5))
def test_any_cell_is_a_date_or_none(some) -> None:
    assert len(documents_dates.read(some)) == len(some)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\r=x", " =1", "＝1", "\n=1"])
def test_formulas_are_defused(cell) -> None:
    assert cells.harmless(cell) == "'" + cell


def test_other_cells_stay() -> None:
    for cell in ("word", "", "1=2", "’t", "a-b"):
        assert cells.harmless(cell) == cell


def test_a_stream_begins_anew(tmp_path) -> None:
    lines, table = tmp_path / "a.txt", tmp_path / "t.csv"
    lines.write_text("one\n\nthree\n", encoding="utf-8")
    table.write_text(TABLE, encoding="utf-8")
    for _ in range(2):
        assert list(documents_stream.texts(lines)) == ["one", "", "three"]
        assert list(documents_stream.texts(table))[2] == "third, quoted"
    assert next(documents_stream.texts(table, "group")) == "a"
    with pytest.raises(UploadError, match="no column"):
        next(documents_stream.texts(table, "x"))
    with pytest.raises(UnavailableError):
        next(documents_stream.texts(tmp_path / "missing.csv"))
