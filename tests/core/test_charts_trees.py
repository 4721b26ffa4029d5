"""The picture of a tree, by its pixels."""

from __future__ import annotations

import numpy as np

from core.charts import trees
from core.charts.theme import CATEGORICAL, SEQUENTIAL, rgb
from core.parsing.brackets import read

SEEN = "(S (NP (DT the) (NN man)) (VP (Vt saw) (NP (DT the) (NN telescope))))"


def count(picture: np.ndarray, colour: str) -> int:
    return int((picture == rgb(colour)).all(axis=-1).sum())


def test_alike_categories_have_one_colour() -> None:
    picture = trees.picture(read(SEEN)[0], width=640, height=320)
    assert picture.shape == (320, 640, 3) and picture.dtype == np.uint8
    s, np_, dt, nn = (count(picture, CATEGORICAL[k]) for k in range(4))
    assert min(s, dt, nn) > 100
    assert np_ > 1.5 * s  # two of them, and a longer name
    # top down: the root stands in the middle of what it spans, above all others
    rows, columns = np.nonzero((picture == rgb(CATEGORICAL[0])).all(axis=-1))
    assert rows.mean() < 80 and abs(columns.mean() - 320) < 5


def test_nothing_is_cut_off() -> None:
    picture = trees.picture(read(SEEN)[0], width=640, height=320)
    frame = np.concatenate([picture[:, :2].reshape(-1, 3), picture[:, -2:].reshape(-1, 3)])
    assert (frame == rgb(SEQUENTIAL[0])).all()


def test_a_word_alone() -> None:
    picture = trees.picture(read("(X word)")[0], width=200, height=100)
    assert count(picture, CATEGORICAL[0]) > 50
