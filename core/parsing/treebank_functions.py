"""Function tags kept: NP-SBJ as a category that cleaning leaves alone, and back.

The hyphen becomes one that does not break (U+2011), which looks alike; indices go as always.
"""

from __future__ import annotations

import re

from core.parsing.cleaning import TRACE
from core.parsing.tree import Tree, relabel

KEPT = "\u2011"
INDEX = re.compile(r"[-=]\d+(?=[-=]|$)")


def with_functions(tree: Tree) -> Tree:
    """`tree` with its function tags as part of the categories."""
    return relabel(tree, _kept)


def without_functions(tree: Tree) -> Tree:
    """A guess of such a grammar, without them."""
    return relabel(tree, lambda label: label[:1] + label[1:].split(KEPT)[0])


def _kept(label: str) -> str:
    if label.startswith("-") or label == TRACE:
        return label
    return label[:1] + INDEX.sub("", label[1:]).replace("-", KEPT)
