"""The piece of the text in which the chosen character lies: a net remembers nothing of what was before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pages._kit.sequence.view import View


def starts(view: View) -> Sequence[int]:
    """Characters before which the net remembers nothing."""
    return getattr(view, "starts", (0,))


def around(view: View) -> tuple[int, int]:
    """Characters [first, last) of the piece with the chosen one."""
    edges = sorted({0, *starts(view), len(view.text)})
    return next((a, b) for a, b in pairwise(edges) if a <= view.at < b)
