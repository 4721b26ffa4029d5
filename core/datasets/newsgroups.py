"""20 Newsgroups: letters to twenty newsgroups of 1993, the group of each is known.

    K. Lang, "NewsWeeder: learning to filter netnews" (1995), in its version "by date"

$VITRINE_NEWSGROUPS names a folder or archive with 20news-bydate-train/<group>/<number> below it;
without it, the copy that scikit-learn's loader keeps, or fetches where it may. Heads give the group
away, so that they, signatures and quotes can be left out, as scikit-learn does. There are no dates:
that version has lost them.
"""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from core.datasets.documents import Documents
from core.errors import UnavailableError, require

ENVIRONMENT = "VITRINE_NEWSGROUPS"
SUBSETS = ("train", "test", "all")
REMOVABLE = ("headers", "footers", "quotes")
MOST_LETTERS = 50_000
MOST_BYTES = 2**20  # of a letter
QUOTE = re.compile(r"(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)")
SUBJECT = re.compile(r"^Subject:[ \t]*(.*)$", re.MULTILINE)
Letter = tuple[str, str, str]  # group, number, text


def documents(
    subset: str = "train", remove: Collection[str] = REMOVABLE, *, fetch: bool = False
) -> Documents:
    """The letters, by group and number, those of which nothing is left without.

    Raises UnavailableError where they cannot be had, SettingError.
    """
    require(subset in SUBSETS, "subset", wanted=", ".join(SUBSETS), given=subset)
    for part in remove:
        require(part in REMOVABLE, "remove", wanted=", ".join(REMOVABLE), given=part)
    own = os.environ.get(ENVIRONMENT)
    letters = sorted(_own(Path(own).expanduser(), subset) if own else _loaded(subset, fetch))
    if not letters:
        raise UnavailableError(
            f"There are no letters of 20 Newsgroups ({subset}) in {ENVIRONMENT}."
        )
    kept = [(one, text) for one in letters if (text := stripped(one[2], remove).strip())]
    return Documents(
        "20 Newsgroups",
        tuple(text for _, text in kept),
        tuple(_subject(letter) or number for (_, number, letter), _ in kept),
        tuple(group for (group, _, _), _ in kept),
    )


def available() -> bool:
    """Whether they can be had without a network."""
    from sklearn.datasets import get_data_home

    own = os.environ.get(ENVIRONMENT)
    if own:
        return Path(own).expanduser().exists()
    return (Path(get_data_home()) / "20news-bydate_py3.pkz").is_file()


def stripped(letter: str, remove: Collection[str]) -> str:
    """The letter without its head, quotes or signature."""
    if "headers" in remove:
        letter = letter.partition("\n\n")[2]
    if "quotes" in remove:
        letter = "\n".join(line for line in letter.split("\n") if not QUOTE.search(line))
    if "footers" in remove:
        lines = letter.strip().split("\n")
        # the signature is what follows the last line of nothing but minus signs, or the last empty one
        last = next(
            (n for n in range(len(lines) - 1, -1, -1) if not lines[n].strip().strip("-")), 0
        )
        letter = "\n".join(lines[:last]) if last > 0 else letter
    return letter


def _own(place: Path, subset: str) -> Iterator[Letter]:
    try:
        yield from _folder(place, subset) if place.is_dir() else _archive(place, subset)
    except (OSError, tarfile.TarError, EOFError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise UnavailableError(f"{place.name} of {ENVIRONMENT} cannot be read: {told}.") from error


def _folder(place: Path, subset: str) -> Iterator[Letter]:
    files = (path for path in sorted(place.rglob("*")) if path.is_file())
    for path in list(files)[:MOST_LETTERS]:
        if found := _placed(PurePosixPath(path.relative_to(place).as_posix()), subset):
            with open(path, "rb") as file:
                yield *found, _decoded(file.read(MOST_BYTES))


def _archive(place: Path, subset: str) -> Iterator[Letter]:
    many = 0
    with tarfile.open(place, "r:*") as archive:
        for one in archive:
            found = _placed(PurePosixPath(one.name), subset) if one.isfile() else None
            file = archive.extractfile(one) if found else None
            if found and file is not None:
                many += 1
                if many > MOST_LETTERS:
                    raise UnavailableError(
                        f"{place.name} holds more than {MOST_LETTERS:,} letters."
                    )
                yield *found, _decoded(file.read(MOST_BYTES))


def _placed(path: PurePosixPath, subset: str) -> tuple[str, str] | None:
    """Group and number of a letter that lies in the subset."""
    inside = subset == "all" or any(part.endswith(f"-{subset}") for part in path.parts[:-2])
    return (path.parts[-2], path.parts[-1]) if inside and len(path.parts) >= 3 else None


def _decoded(data: bytes) -> str:
    return data.decode("latin-1").replace("\r\n", "\n")


def _loaded(subset: str, fetch: bool) -> Iterator[Letter]:
    from sklearn.datasets import fetch_20newsgroups

    try:
        found = fetch_20newsgroups(subset=subset, shuffle=False, download_if_missing=fetch)
    except OSError as error:
        raise UnavailableError(
            "20 Newsgroups are not on this machine. Let scikit-learn fetch them once "
            f"(fetch_20newsgroups()), or name a folder or archive of them in {ENVIRONMENT}."
        ) from error
    groups = [found.target_names[k] for k in found.target]
    numbers = [PurePosixPath(str(path)).name for path in found.filenames]
    yield from zip(groups, numbers, found.data, strict=True)


def _subject(letter: str) -> str:
    found = SUBJECT.search(letter.partition("\n\n")[0])
    return found[1].strip()[:200] if found else ""
