"""What is to be read in a web page: its title and its text, without scripts, styles and tags."""

from __future__ import annotations

import re

from lxml import etree, html  # type: ignore[import-untyped]

from core.datasets import documents_text
from core.errors import UploadError

UNSEEN = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object", "textarea")
BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip
LINES = {"br", "hr", "li", "dt", "dd", "tr"}  # a line, without an empty one behind
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def read(data: bytes, name: str) -> tuple[str, str]:
    """Title and text. Raises UploadError for what is no text, or has nothing to read."""
    # comments and instructions are dropped; no entity of a DTD, nothing from the network
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = html.document_fromstring(_decoded(data, name).encode("utf-8", "replace"), parser)
    except etree.ParserError as error:
        raise UploadError(name, wanted="a web page", given="one with nothing in it") from error
    title = " ".join((root.findtext(".//title") or "").split())
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        block = element.tag in BLOCKS
        if event == "start":
            parts.extend(["\n"] * block + [element.text or ""])
        else:
            closed = block and element.tag not in LINES
            parts.extend(["\n"] * closed + [element.tail or ""])
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return title, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decoded(data: bytes, name: str) -> str:
    declared = DECLARED.search(data[:4096])
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):  # it says what is not so
            pass
    return documents_text.whole(data, name)
