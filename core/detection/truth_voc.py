"""True boxes in PASCAL VOC's xml, one file a picture. See core.detection.truth."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from core.detection.truth import MAX_BOXES, MAX_LABELS, Row, Truth, record, shown, text
from core.errors import UploadError

MAX_BYTES = 2 * 2**20  # of one picture's file


def read(file: str, data: bytes) -> list[Truth]:
    """The one picture of a VOC xml `file`. Raises UploadError, naming the entry."""
    wanted = "a VOC xml file, with an annotation and its objects"
    if len(data) > MAX_BYTES:
        raise UploadError(
            file, wanted=f"at most {MAX_BYTES // 2**20} MB", given=f"{len(data):,} bytes"
        )
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UploadError(file, wanted=wanted, given="one that declares entities") from error
    # LookupError, ValueError: an encoding that Python does not have, or cannot read like this.
    except (ParseError, LookupError, ValueError) as error:
        raise UploadError(file, wanted=wanted, given="text that is not xml") from error
    if root.tag != "annotation":
        raise UploadError(file, wanted=wanted, given=f"one of {shown(root.tag)}")
    rows = [_row(file, i, one) for i, one in enumerate(root.findall("object"), start=1)]
    labels = tuple(dict.fromkeys(row.label for row in rows))
    if len(rows) > MAX_BOXES or len(labels) > MAX_LABELS:
        raise UploadError(file, wanted=f"at most {MAX_LABELS:,} names", given=f"{len(labels):,}")
    # Many tools leave the file name out or write a path of theirs: then the xml's own name counts.
    name = root.findtext("filename")
    return [record(text(file, "filename", name) if name and name.strip() else file, rows, labels)]


def _row(file: str, i: int, one: Element) -> Row:
    entry = f"object {i}"
    label = text(file, f"the name of {entry}", one.findtext("name"))
    x0, y0, x1, y1 = (
        _number(file, f"{edge} of {entry}", one.findtext(f"bndbox/{edge}"))
        for edge in ("xmin", "ymin", "xmax", "ymax")
    )
    # Pixels xmin to xmax, counted from 1: the near edge of the first is at xmin - 1.
    box = (x0 - 1, y0 - 1, x1, y1)
    if not (box[0] < box[2] and box[1] < box[3]):
        given = f"{x0:g}, {y0:g}, {x1:g}, {y1:g}"
        raise UploadError(file, wanted=f"{entry} with xmin <= xmax and ymin <= ymax", given=given)
    return Row(label=label, box=box, difficult=_flag(file, entry, one.findtext("difficult")))


def _flag(file: str, entry: str, value: str | None) -> bool:
    bare = (value or "0").strip()
    if bare not in ("0", "1"):
        raise UploadError(file, wanted=f"difficult of {entry} to be 0 or 1", given=shown(bare))
    return bare == "1"


def _number(file: str, entry: str, value: str | None) -> float:
    try:
        number = float(value or "")
    except ValueError:
        number = math.nan
    if not abs(number) < 2**31:
        raise UploadError(file, wanted=f"{entry} to be a number of pixels", given=shown(value))
    return number
