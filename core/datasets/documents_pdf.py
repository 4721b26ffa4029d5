"""The text of a PDF, page after page. What was only photographed has none.

A PDF may hold anything, loops and all. pypdf bounds what a stream may unpack to; pages, characters and
time are bounded here. Time is looked at between pages: to stop a page, stop the job that reads it.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import time
import zlib

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from core.errors import UploadError

MOST_BYTES = 50 * 2**20
MOST_PAGES = 2_000
MOST_CHARACTERS = 10_000_000
SECONDS = 60.0
WANTED = "a PDF with text"
# a reader of broken files trips in many ways; none of them is a fault of ours
MALFORMED = (
    PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError,
    NotImplementedError, RecursionError, EOFError, zlib.error, struct.error,
)  # fmt: skip
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[a-zà-öø-ÿ])")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells the log of every comma amiss


def read(data: bytes, name: str) -> str:
    """Pages with an empty line between them; words cut at the end of a line are whole again.

    Raises UploadError for what is larger, locked, damaged, or has no text.
    """
    if len(data) > MOST_BYTES:
        given = f"{len(data) / 2**20:.0f} MB"
        raise UploadError(name, wanted=f"a PDF of at most {MOST_BYTES >> 20} MB", given=given)
    try:
        pages = _pages(data, name)
    except DependencyError as error:
        raise UploadError(name, wanted=WANTED, given="one that is locked") from error
    except MALFORMED as error:
        raise UploadError(name, wanted=WANTED, given="one that is damaged") from error
    text = HYPHEN.sub("", "\n\n".join(page.strip() for page in pages)).strip()
    if not text:
        raise UploadError(name, wanted=WANTED, given="pictures of pages")
    return text


def _pages(data: bytes, name: str) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UploadError(name, wanted=WANTED, given="one that is locked with a password")
    if (many := len(reader.pages)) > MOST_PAGES:
        raise UploadError(name, wanted=f"at most {MOST_PAGES:,} pages", given=f"{many:,}")
    until = time.monotonic() + SECONDS
    found: list[str] = []
    length = 0
    for page in reader.pages:
        found.append(page.extract_text())
        length += len(found[-1])
        if length > MOST_CHARACTERS:
            raise UploadError(name, wanted=f"at most {MOST_CHARACTERS:,} characters", given="more")
        if time.monotonic() > until:
            given = f"one that took longer than {SECONDS:.0f} seconds"
            raise UploadError(name, wanted="a PDF that can be read soon", given=given)
    return found
