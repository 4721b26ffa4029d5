"""NLTK's corpora of trees: found where NLTK looks for them, or fetched into Vitrine's own folder.

NLTK is asked only for the place, as its import takes a second or two; files are read as any others.
"""

from __future__ import annotations

import http.client
import importlib
import os
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from core.datasets.treebanks import Treebank, gather
from core.errors import StoreError, UnavailableError, UploadError
from core.store import home

ADDRESS = "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages/packages/corpora/"
TIMEOUT = 15.0  # seconds without an answer
MOST = 20 * 2**20  # bytes of a download


@dataclass(frozen=True)
class Corpus:
    """A corpus by NLTK's name; its trees are the files of `inside` that end so."""

    name: str
    title: str
    inside: str
    ending: str
    megabytes: float


PENN = Corpus("treebank", "NLTK's Penn Treebank sample", "combined/", ".mrg", 1.7)
SINICA = Corpus("sinica_treebank", "NLTK's Sinica Treebank sample", "", "parsed", 0.9)


def found(corpus: Corpus) -> Path | None:
    """Where the corpus lies, a folder or an archive; None where it is not on this machine."""
    own = _own(corpus)
    if own.is_file():
        return own
    try:
        places = importlib.import_module("nltk.data").path
    except ImportError:
        return None
    for place in places:
        for name in (corpus.name, f"{corpus.name}.zip"):
            path = Path(place) / "corpora" / name
            if path.exists():
                return path
    return None


def load(path: Path, corpus: Corpus) -> Treebank:
    """The trees of the corpus at `path`. Raises UnavailableError where there are none."""
    try:
        if path.is_dir():
            start = path / corpus.inside
            files = [
                (p.name, p.read_bytes())
                for p in sorted(start.rglob(f"*{corpus.ending}"))
                if p.is_file()
            ]
        else:
            with zipfile.ZipFile(path) as archive:
                start_name = f"{corpus.name}/{corpus.inside}"
                inside = [
                    one for one in archive.infolist()
                    if one.filename.startswith(start_name) and one.filename.endswith(corpus.ending)
                ]  # fmt: skip
                if sum(one.file_size for one in inside) > 4 * MOST:
                    raise UnavailableError(f"{corpus.title} is not what it should be: too large.")
                inside.sort(key=lambda one: one.filename)
                files = [(one.filename.rpartition("/")[2], archive.read(one)) for one in inside]
        return gather(files)
    except (OSError, zipfile.BadZipFile, UploadError) as error:
        raise UnavailableError(f"{corpus.title} cannot be read: {error}") from error


def fetch(corpus: Corpus) -> Path:
    """Download the corpus. Raises UnavailableError where the network or the file is bad."""
    target = _own(corpus)
    address = f"{ADDRESS}{corpus.name}.zip"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
            data = answer.read(MOST + 1)
    except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or error
        raise UnavailableError(
            f"{corpus.title} could not be downloaded: {why}. It can also be put there by hand: "
            f"python -m nltk.downloader {corpus.name}"
        ) from error
    if len(data) > MOST or not data.startswith(b"PK"):
        raise UnavailableError(f"{corpus.title}: what came from the network is not the corpus.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".part{os.getpid()}")
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        raise StoreError(f"{corpus.title} could not be kept: {error.strerror}.") from error
    return target


def _own(corpus: Corpus) -> Path:
    return home() / "treebanks" / f"{corpus.name}.zip"
