"""Labelled points of the plane: drawn by a formula, by hand, from a table, from a link.

    presets    simple, circle, spiral, random, xor, gauss, moons
    real       iris, wine, digits, by their two principal components
    table      CSV in and out                link      a short text for the address of a page
    shares     points held for testing, wrong labels
    plane      what points may be, what part of the plane they need
    edits      added, moved, removed, undone

No array of a Points is ever written to: whatever changes points makes new ones.
"""

from core.datasets.points.edits import Edits
from core.datasets.points.link import LINK_MOST, pack, unpack, unpack_named
from core.datasets.points.plane import CLASSES, MOST, REACH, extent, made
from core.datasets.points.presets import (
    PRESETS,
    Preset,
    circle,
    gauss,
    moons,
    random,
    simple,
    spiral,
    xor,
)
from core.datasets.points.real import REAL, Projected, projected
from core.datasets.points.shares import label_noise, split
from core.datasets.points.table import Table, parse, to_csv

__all__ = [
    "CLASSES",
    "LINK_MOST",
    "MOST",
    "PRESETS",
    "REACH",
    "REAL",
    "Edits",
    "Preset",
    "Projected",
    "Table",
    "circle",
    "extent",
    "gauss",
    "label_noise",
    "made",
    "moons",
    "pack",
    "parse",
    "projected",
    "random",
    "simple",
    "spiral",
    "split",
    "to_csv",
    "unpack",
    "unpack_named",
    "xor",
]
