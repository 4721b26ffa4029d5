"""Treebanks that somebody brings: files of bracketed trees, archives of them, a folder of the server.

Files are hostile until shown otherwise: sizes are bounded before anything is unpacked, nothing is
written to disk, names inside an archive are only told. A broken tree costs itself alone and is told
with file, line and column.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

import torch

from core.datasets import text as texts
from core.datasets.treebanks_sinica import read_sinica
from core.errors import SettingError, UnavailableError, UploadError, require
from core.parsing.brackets import read_all
from core.parsing.problem import Problem
from core.parsing.tree import Tree
from core.store import fingerprint

ENVIRONMENT = "VITRINE_TREEBANK"
ENDINGS = (".mrg", ".ptb", ".prd", ".parse", ".txt")
MOST_BYTES = 40 * 2**20  # of all files together, unpacked
MOST_FILES = 5_000
MOST_TREES = 60_000
SLIPS = 200  # told
RATIO = 200  # bytes out of one packed byte: brackets shrink to a fifth, not to a two-hundredth
WANTED = "files of bracketed trees (" + ", ".join(ENDINGS) + ") or a .zip of them"


@dataclass(frozen=True)
class Slip:
    """Something that could not be read, and where."""

    file: str
    problem: Problem | None  # None: the whole file
    message: str = ""

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.message}"
            if self.problem is None
            else f"{self.file}, {self.problem}"
        )


@dataclass(frozen=True, eq=False)
class Treebank:
    """Trees in the order of their files; `sizes` are the trees of each file."""

    trees: tuple[Tree, ...]
    sizes: tuple[int, ...]
    slips: tuple[Slip, ...] = ()


def gather(files: Iterable[tuple[str, bytes]]) -> Treebank:
    """The trees of files (name, contents), archives among them.

    Raises UploadError where that is too much, or none of them holds a tree.
    """
    trees: list[Tree] = []
    sizes: list[int] = []
    slips: list[Slip] = []
    total = 0
    for name, data in _unpacked(files, slips):
        total += len(data)
        _bounded(name, total)
        if len(sizes) >= MOST_FILES:
            raise UploadError(name, wanted=f"at most {MOST_FILES:,} files", given="more")
        try:
            found, problems = read_file(name, data)
        except SettingError as error:
            slips.append(Slip(name, None, f"wanted {error.wanted}, got {error.given}."))
            continue
        slips.extend(Slip(name, problem) for problem in problems[: max(0, SLIPS - len(slips))])
        if found:
            sizes.append(len(found))
            trees.extend(found)
        if len(trees) > MOST_TREES:
            raise UploadError(name, wanted=f"at most {MOST_TREES:,} trees", given="more")
    if not trees:
        raise UploadError(
            "treebank", wanted=WANTED, given=str(slips[0]).rstrip(".") if slips else "no tree"
        )
    return Treebank(tuple(trees), tuple(sizes), tuple(slips))


def read_file(name: str, data: bytes) -> tuple[list[Tree], list[Problem]]:
    """The trees of one file, and what is wrong in it. Raises SettingError for what is no text."""
    if len(data) <= texts.MAX_BYTES:
        text = texts.decode(data, name).text
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            limit = f"UTF-8 in files of more than {texts.MAX_BYTES >> 20} MB"
            raise UploadError(
                name, wanted=limit, given=f"byte {error.start:,} that is not"
            ) from error
    if text.startswith("#") and "[" in text[:40]:
        return read_sinica(text)
    return read_all(text)


def _bounded(name: str, total: int) -> None:
    if total > MOST_BYTES:
        wanted = f"at most {MOST_BYTES >> 20} MB of trees"
        raise UploadError(name, wanted=wanted, given=f"{total / 2**20:.0f} MB")


def _unpacked(files: Iterable[tuple[str, bytes]], slips: list[Slip]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        if data.startswith(b"PK"):
            yield from _archived(name, data, slips)
        else:
            yield name, data


def _archived(name: str, data: bytes, slips: list[Slip]) -> Iterator[tuple[str, bytes]]:
    """The files of a zip archive that may be trees, in the order of their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = sorted(filter(_may_be_trees, archive.infolist()), key=lambda one: one.filename)
            if len(inside) > MOST_FILES:
                raise UploadError(
                    name, wanted=f"at most {MOST_FILES:,} files", given=f"{len(inside):,}"
                )
            _bounded(name, sum(one.file_size for one in inside))
            left = MOST_BYTES  # what is declared may be a lie
            for one in inside:
                place = f"{name}/{one.filename}"
                if one.flag_bits & 1:
                    slips.append(Slip(place, None, "it is locked with a password."))
                    continue
                if one.file_size > RATIO * max(1, one.compress_size) and one.file_size > 2**20:
                    raise UploadError(place, wanted="an honest archive", given="one that swells up")
                with archive.open(one) as file:
                    content = file.read(min(left, one.file_size) + 1)
                left -= len(content)
                if left < 0 or len(content) > one.file_size:
                    raise UploadError(place, wanted="an honest archive", given="one that swells up")
                yield place, content
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        raise UploadError(name, wanted="a zip archive that is whole", given=str(error)) from error


def _may_be_trees(one: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(one.filename.replace("\\", "/"))
    mode = one.external_attr >> 16
    hidden = any(part.startswith((".", "__MACOSX")) and part != "." for part in path.parts)
    odd = one.is_dir() or hidden or path.is_absolute() or stat.S_ISLNK(mode)
    return not odd and path.suffix.lower() in ENDINGS


def configured() -> Path | None:
    """The folder or archive that $VITRINE_TREEBANK names; None where it names none."""
    own = os.environ.get(ENVIRONMENT)
    return Path(own).expanduser() if own else None


def state(path: Path) -> str:
    """What changes when the files at `path` do: names, sizes and times, as a name of 64 digits."""
    try:
        stats = [(str(p), p.stat()) for p in _listed(path)]
    except OSError:
        return ""
    return fingerprint(*(f"{name} {s.st_size} {s.st_mtime_ns}" for name, s in stats))


def _listed(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = (p for p in path.rglob("*") if p.suffix.lower() in (*ENDINGS, ".zip") and p.is_file())
    return sorted(islice(inside, MOST_FILES))


def from_path(path: Path) -> Treebank:
    """The trees of a file, an archive, or all such files below a folder.

    Raises UnavailableError where it cannot be read, UploadError as `gather` does.
    """
    if not path.exists():
        raise UnavailableError(f"The treebank {path.name} of {ENVIRONMENT} is not there.")
    try:
        found = _listed(path)
        _bounded(path.name, sum(p.stat().st_size for p in found))
        return gather(
            (p.name if p == path else str(p.relative_to(path)), p.read_bytes()) for p in found
        )
    except OSError as error:
        raise UnavailableError(
            f"The treebank {path.name} cannot be read: {error.strerror}."
        ) from error


def held_out(
    bank: Treebank, share: float, *, generator: torch.Generator | None = None
) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    """Trees to learn from and trees to test with: the last `share`, or with a generator drawn ones.

    Where there are ten files or more, whole files are held out: what stands in one article is
    easier to parse for who has read the rest of it.
    """
    require(0 < share < 1, "held out", wanted="a share between 0 and 1", given=share)
    require(len(bank.trees) > 1, "treebank", wanted="at least two trees", given=len(bank.trees))
    sizes = bank.sizes if len(bank.sizes) >= 10 else (1,) * len(bank.trees)
    parts: list[tuple[Tree, ...]] = []
    at = 0
    for size in sizes:
        parts.append(bank.trees[at : at + size])
        at += size
    cut = min(max(1, int(len(parts) * (1 - share))), len(parts) - 1)
    order = range(len(parts))
    if generator is not None:
        drawn = torch.randperm(len(parts), generator=generator).tolist()
        order = [*sorted(drawn[:cut]), *sorted(drawn[cut:])]  # type: ignore[assignment]
    chosen = [parts[k] for k in order]
    train = tuple(tree for part in chosen[:cut] for tree in part)
    return train, tuple(tree for part in chosen[cut:] for tree in part)


def language(trees: Iterable[Tree]) -> str:
    """ "chinese", "english" or "other", by the first few hundred words."""
    words: list[str] = []
    for tree in trees:
        words.extend(word.lower() for word in tree.words())
        if len(words) > 2000:
            break
    han = sum(any("\u4e00" <= c <= "\u9fff" for c in word) for word in words)
    common = sum(word in ("the", "of", "and", "a", "is", "to", "in") for word in words)
    if 2 * han > len(words):
        return "chinese"
    return "english" if 12 * common > len(words) else "other"
