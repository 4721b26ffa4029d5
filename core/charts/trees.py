"""A tree as a small picture: words in a row, each node above the middle of its own."""

from __future__ import annotations

import cv2
import numpy as np

from core.charts.pictures import Picture
from core.charts.theme import CATEGORICAL, SEQUENTIAL, rgb
from core.parsing.tree import Tree, depth, spans

INK = (70, 78, 84)
MARGIN = 12  # pixels at the left and at the right
FONT = cv2.FONT_HERSHEY_DUPLEX


def picture(tree: Tree, *, width: int, height: int) -> Picture:
    """(height, width, 3) the tree on paper; categories keep their colour within the picture."""
    paper = np.full((height, width, 3), rgb(SEQUENTIAL[0]), np.uint8)
    words = tree.words()
    found = spans(tree)
    rows = depth(tree) + 1
    names = list(dict.fromkeys(span.node.label for span in found))
    step, drop = (width - 2 * MARGIN) / len(words), height / (rows + 0.6)

    def place(i: int, j: int, row: float) -> tuple[int, int]:
        return round(MARGIN + (i + j + 1) / 2 * step), round((row + 0.8) * drop)

    at = {id(span.node): place(span.i, span.j, span.depth) for span in found}
    for span in found:
        below = [at[id(c)] for c in span.node.children if isinstance(c, Tree)]
        if span.node.preterminal:
            below = [place(span.i, span.i, rows - 1)]
        for end in below:
            cv2.line(paper, at[id(span.node)], end, INK, 2, cv2.LINE_AA)
    for span in found:
        colour = rgb(CATEGORICAL[names.index(span.node.label) % len(CATEGORICAL)])
        _label(paper, span.node.label, at[id(span.node)], 0.55, (255, 255, 255), colour)
    for k, word in enumerate(words):
        _label(paper, word, place(k, k, rows - 1), 0.5, INK, rgb(SEQUENTIAL[0]))
    return paper


def _label(
    paper: Picture, text: str, middle: tuple[int, int], size: float,
    ink: tuple[int, int, int], ground: tuple[int, int, int],
) -> None:  # fmt: skip
    (wide, high), _ = cv2.getTextSize(text, FONT, size, 1)
    left, low = middle[0] - wide // 2, middle[1] + high // 2
    cv2.rectangle(paper, (left - 5, low - high - 5), (left + wide + 5, low + 5), ground, cv2.FILLED)
    cv2.putText(paper, text, (left, low), FONT, size, ink, 1, cv2.LINE_AA)
