"""What is in a zip archive that somebody brings. Nothing is written to disk; names are only told.

An archive can be a trap: a small one that swells up, names that lead out of a folder, links. Sizes
are bounded by what the archive says before anything is unpacked, and no more than that comes out.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from core.datasets import text as texts
from core.errors import UploadError

MOST_FILES = 50_000
RATIO = 200  # bytes out of one packed byte: prose shrinks to a third, not to a two-hundredth
SMALL = 2**20  # what swells up to less than this does no harm


def members(
    name: str,
    data: bytes,
    *,
    most_bytes: int,
    wanted: Callable[[PurePosixPath], bool],
    locked: Callable[[str], None],
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files inside that are `wanted`, by name, in the order of their names.

    What has a password goes to `locked`. Raises UploadError for what is no archive, a damaged one,
    one with more than MOST_FILES or `most_bytes`, or one that lies about its size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_FILES:
                raise UploadError(
                    name, wanted=f"at most {MOST_FILES:,} files", given=f"{len(listed):,}"
                )
            found = [(path, one) for one in listed if (path := _path(one)) and wanted(path)]
            _bounded(name, sum(one.file_size for _, one in found), most_bytes)
            for path, one in sorted(found, key=lambda pair: str(pair[0])):
                if one.flag_bits & 1:
                    locked(str(path))
                    continue
                yield path, _content(archive, one, f"{name}/{path}")
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError) as error:
        raise UploadError(name, wanted="a zip archive that is whole", given=str(error)) from error


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo, place: str) -> bytes:
    swollen = one.file_size > RATIO * max(1, one.compress_size) and one.file_size > SMALL
    if not swollen:
        with archive.open(one) as file:
            content = file.read(one.file_size + 1)  # what is declared may be a lie
        if len(content) <= one.file_size:
            return content
    raise UploadError(place, wanted="an honest archive", given="one that swells up")


def _bounded(name: str, total: int, most: int) -> None:
    if total > most:
        given = f"{total / 2**20:,.0f} MB"
        raise UploadError(name, wanted=f"at most {most >> 20} MB when unpacked", given=given)


def _path(one: zipfile.ZipInfo) -> PurePosixPath | None:
    """Its name as a path below nothing; None for folders, links and what a computer hides."""
    shown = one.filename
    if not one.flag_bits & 0x800 and not shown.isascii():  # not in UTF-8: what the maker's PC used
        shown = texts.decode(one.orig_filename.encode("cp437", "replace"), "name").text
    path = PurePosixPath(shown.replace("\\", "/"))
    parts = [part for part in path.parts if part not in ("/", "..", ".")]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    if one.is_dir() or hidden or not parts or stat.S_ISLNK(one.external_attr >> 16):
        return None
    return PurePosixPath(*parts)
