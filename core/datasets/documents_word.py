"""The text of a Word document (.docx): paragraphs and tables in their order.

Such a file is a zip archive of XML, and can be a trap in both ways: sizes are bounded first, then
every part is read once by a parser that refuses what could swell up, then python-docx reads it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

import docx
from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]
from docx.opc.exceptions import OpcError
from docx.table import Table
from lxml import etree  # type: ignore[import-untyped]

from core.datasets import documents_zip
from core.errors import UploadError

MOST_BYTES = 64 * 2**20  # unpacked
WANTED = "a Word document (.docx)"
MALFORMED = (OpcError, KeyError, ValueError, AttributeError, etree.LxmlError, zipfile.BadZipFile)


def read(data: bytes, name: str) -> str:
    """A paragraph a line, the cells of a table between tabs. Raises UploadError."""
    for path, part in documents_zip.members(
        name, data, most_bytes=MOST_BYTES, wanted=lambda path: True, locked=lambda place: None
    ):
        if path.suffix.lower() in (".xml", ".rels"):
            _harmless(name, part)
    try:
        return "\n".join(_lines(docx.Document(io.BytesIO(data)))).strip()
    except MALFORMED as error:
        raise UploadError(name, wanted=WANTED, given="one that is damaged") from error


def _harmless(name: str, part: bytes) -> None:
    try:
        ElementTree.fromstring(part, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UploadError(name, wanted=WANTED, given="one with entities that swell up") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UploadError(name, wanted=WANTED, given="one that is damaged") from error


def _lines(document: object) -> Iterator[str]:
    for block in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
        else:
            yield block.text
