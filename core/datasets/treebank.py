"""Two small treebanks written for this project, in the manner of the Penn treebanks.

Sixty English and twenty Chinese sentences: enough to see how a grammar is learned, too few to parse
what other people write. Real ones are read from files: see core.parsing.brackets.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.errors import require
from core.parsing.brackets import read
from core.parsing.tree import Tree

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "corpora"
LANGUAGES = ("english", "chinese")


@cache
def trees(language: str = "english") -> tuple[Tree, ...]:
    """The trees of one of LANGUAGES."""
    require(language in LANGUAGES, "language", wanted=" or ".join(LANGUAGES), given=language)
    return tuple(read((FOLDER / f"{language}.mrg").read_text("utf-8")))
