"""Trees to take home: brackets, LaTeX, JSON. Pictures are saved beside each tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from core.parsing import brackets, tree_export
from core.parsing.k_best import Ranked
from core.parsing.tree import Tree
from pages._kit import take

LABELS = {
    "mrg": "Brackets",
    "txt": "Brackets, indented",
    "tex": "LaTeX (forest)",
    "latex": "LaTeX (qtree)",
    "json": "JSON",
}


def home(found: Sequence[Ranked]) -> None:
    """All trees that are shown, in one file of each kind."""
    every = [one.tree for one in found]
    take.home(
        {
            "trees.mrg": partial(_joined, brackets.one_line, every),
            "trees.txt": partial(_joined, brackets.lines, every),
            "trees.tex": partial(_joined, tree_export.forest, every),
            "trees.latex": partial(_joined, tree_export.qtree, every),
            "trees.json": partial(tree_export.all_to_json, found),
        },
        labels=LABELS,
    )


def _joined(write: Callable[[Tree], str], every: Sequence[Tree]) -> str:
    return "\n".join(write(tree) for tree in every) + "\n"
