"""Documents that somebody brings as files: texts, web pages, Word, PDF, tables, archives of them.

Files are hostile until shown otherwise: sizes are bounded before anything is decoded, nothing is
written to disk, nothing is unpickled. A file that cannot be read costs itself alone and is told; if
none can be, the first reason is the error.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import PurePosixPath

from core.datasets import (
    documents_markup,
    documents_pdf,
    documents_table,
    documents_text,
    documents_word,
    documents_zip,
)
from core.datasets.documents import Documents, joined
from core.datasets.documents_table import Columns
from core.errors import UploadError

MOST_BYTES = 200 * 2**20  # of all files together, packed or unpacked
MOST_DOCUMENTS = 200_000  # more are streamed from disk: core.datasets.documents_stream
SLIPS = 200  # told
MARKUP = (".html", ".htm", ".xhtml")
PLAIN = (".txt", ".text", ".md", ".rst")
ENDINGS = (*PLAIN, *MARKUP, ".docx", ".pdf", *documents_table.ENDINGS, ".zip")
WANTED = "texts: " + ", ".join(ENDINGS)


def gather(files: Iterable[tuple[str, bytes]], columns: Columns | None = None) -> Documents:
    """The documents of files (name, contents); of tables a row each, by their `columns`.

    Folders of an archive are labels. Raises UploadError where that is too much, or none can be read.
    """
    found: list[Documents] = []
    slips: list[str] = []
    first: UploadError | None = None
    shown: list[str] = []
    total = 0
    many = 0
    for name, data in files:
        shown.append(name)
        total += len(data)
        _bounded(name, total)
        packed = PurePosixPath(name).suffix.lower() == ".zip"
        inside = _unpacked(name, data, slips) if packed else [(PurePosixPath(name), data)]
        for path, content in inside:
            try:
                part = read(str(path), content, columns, folder=_label(path, packed))
            except UploadError as error:
                first = first or error
                slips.append(str(error))
                continue
            many += len(part)
            if many > MOST_DOCUMENTS:
                raise UploadError(
                    name, wanted=f"at most {MOST_DOCUMENTS:,} documents", given="more"
                )
            found.append(part)
    if not many:
        reasons = [*slips, *(slip for part in found for slip in part.slips)]
        reason = reasons[0].rstrip(".") if reasons else "nothing that can be read"
        name = ", ".join(shown[:3]) or "documents"
        raise first or UploadError(name, wanted=WANTED, given=reason)
    title = shown[0] if len(shown) == 1 else f"{len(shown)} files"
    every = joined(title, found)
    told = (*slips, *every.slips)
    return Documents(
        title, every.texts, every.titles, _several(every.labels), every.dates, told[:SLIPS]
    )


def read(name: str, data: bytes, columns: Columns | None = None, folder: str = "") -> Documents:
    """The documents of one file that is no archive. Raises UploadError."""
    ending = PurePosixPath(name).suffix.lower()
    if not data:
        raise UploadError(name, wanted="a file with something in it", given="an empty file")
    if ending in documents_table.ENDINGS:
        chosen = columns or Columns()
        return documents_table.from_table(io.BytesIO(data), name, chosen, most=MOST_DOCUMENTS)
    if ending in MARKUP:
        title, text = documents_markup.read(data, name)
    elif ending == ".docx":
        title, text = "", documents_word.read(data, name)
    elif ending == ".pdf":
        title, text = "", documents_pdf.read(data, name)
    elif ending in PLAIN:
        title, text = "", documents_text.whole(data, name)
    else:
        raise UploadError(name, wanted=WANTED, given=f"“{ending[:20]}”" if ending else "no ending")
    if not text.strip():
        raise UploadError(name, wanted="a file with something in it", given="nothing to read")
    return Documents(
        name, (text,), (title or PurePosixPath(name).name,), (folder,) if folder else None
    )


def _bounded(name: str, total: int) -> None:
    if total > MOST_BYTES:
        given = f"{total / 2**20:,.0f} MB"
        raise UploadError(name, wanted=f"at most {MOST_BYTES >> 20} MB together", given=given)


def _unpacked(name: str, data: bytes, slips: list[str]) -> Iterable[tuple[PurePosixPath, bytes]]:
    def locked(place: str) -> None:
        slips.append(f"{name}/{place}: locked with a password.")

    return documents_zip.members(
        name, data, most_bytes=MOST_BYTES, locked=locked,
        wanted=lambda path: path.suffix.lower() in ENDINGS[:-1],
    )  # fmt: skip


def _label(path: PurePosixPath, packed: bool) -> str:
    return path.parent.name if packed else ""


def _several(labels: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The labels, where there is more than one to tell apart."""
    return labels if labels and len(set(labels)) > 1 else None
