"""Files of true boxes that a visitor brings, read by what they are: COCO json or VOC xml."""

from __future__ import annotations

from collections.abc import Iterable

from core.detection import truth_coco, truth_voc
from core.detection.truth import Truth, stem
from core.errors import UploadError


def read(files: Iterable[tuple[str, bytes]]) -> list[Truth]:
    """The pictures that `files` (name, contents) describe: many in a json, one in an xml.

    Raises UploadError, naming file and entry, for bad ones and for a picture described twice.
    """
    found: dict[str, Truth] = {}
    for name, data in files:
        reader = (
            truth_voc.read
            if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
            else truth_coco.read
        )
        for one in reader(name, data):
            if stem(one.name) in found:
                raise UploadError(name, wanted="each picture once", given=f"{one.name} again")
            found[stem(one.name)] = one
    return list(found.values())
