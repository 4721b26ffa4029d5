"""The chart of a sentence as a pyramid of cells: it fills step by step, and every number is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import SEQUENTIAL
from pages._kit.stage.wire import bundled, module

Floats = NDArray[np.float32]

# Columns of `Scene.entries`; all but the first and the last three are natural logarithms.
ENTRY = ("symbol", "w", "made", "inside", "inside_made", "outside", "outside_whole", "posterior",
         "first", "ways", "equals")  # fmt: skip

_mount = st.components.v2.component("vitrine_cky", html='<div class="cky"></div>', js=module("cky"))


@dataclass(frozen=True, eq=False)
class Scene:
    """A chart for the browser. Words and spans count from 0 here; the visitor sees them from 1."""

    id: str  # another for another chart
    words: Sequence[str]
    unknown: Sequence[int]  # places of words without a tag
    symbols: Sequence[str]
    made: Sequence[bool]  # whether a symbol was made for the normal form
    rules: Sequence[
        tuple[Sequence[str], float]
    ]  # left side, right side; log p. Chains: all on the way
    cells: Floats  # (K, 6) i, j, first entry, entries here, entries in all, products; short spans first
    entries: Floats  # (E, 11) see ENTRY
    ways: Floats  # (W, 5) rule, split or -1, two entries or -1, and 1 where best, 2 where as good
    whole: bool  # every product is here; otherwise only the best of each entry
    sums: bool  # inside, outside and posterior are known
    log_sum: float  # inside[1, n, S]
    start: str


@dataclass(frozen=True)
class Part:
    """A cell of a tree: its categories from above, and the places of its parts in the list."""

    i: int
    j: int
    symbols: tuple[str, ...]
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """Everything of one cell and symbol of a chart that is not whole."""

    i: int
    j: int
    symbol: str
    symbols: Sequence[tuple[str, float]]  # each with log w
    ways: Sequence[tuple[Sequence[str], int, float, Sequence[float], bool]]
    # right side, split or -1, log p, log w of the parts, chain; the best first
    total: int  # ways there are


@dataclass(frozen=True)
class Looked:
    """Where the visitor looks: a cell with a symbol of it, and how many steps are done (None: all)."""

    i: int
    j: int
    symbol: str
    step: int | None


def cky(
    scene: Scene, tree: Sequence[Part], *, values: str, key: str, name: str,
    looked: Looked | None = None, listed: Listed | None = None,
) -> None:  # fmt: skip
    """Draw it. `values`: viterbi, inside, outside or posterior; `tree` is lit.

    `looked` is where to look first; `name` tells what it is to those who cannot see it.
    """
    header: dict[str, Any] = {
        one: getattr(scene, one)
        for one in ("id", "words", "unknown", "symbols", "made", "rules", "whole", "sums", "start")
    }
    header |= {
        "log_sum": scene.log_sum if np.isfinite(scene.log_sum) else None,
        "tree": [asdict(part) for part in tree],
        "values": values,
        "name": name,
        "looked": None if looked is None else asdict(looked),
        "listed": None if listed is None else asdict(listed),
        "columns": ENTRY,
        "sequential": SEQUENTIAL,
    }
    arrays: Mapping[str, Floats] = {
        "cells": scene.cells, "entries": scene.entries, "ways": scene.ways,
    }  # fmt: skip
    _mount(key=key, data=bundled(header, arrays), default={"looked": None}, on_looked_change=_noted)


def _noted() -> None:
    """The rerun that follows reads where the visitor looks."""


def looked(key: str, scene: Scene) -> Looked | None:
    """Where the visitor has looked since, if that is a place of this chart."""
    before = st.session_state.get(key)
    told = before.get("looked") if before else None
    if not (isinstance(told, list) and len(told) == 5 and told[0] == scene.id):
        return None
    return _looked(told[1:], scene)


def _looked(told: Sequence[Any], scene: Scene) -> Looked | None:
    i, j, symbol, step = told
    n = len(scene.words)
    places = all(isinstance(x, int) and not isinstance(x, bool) for x in (i, j))
    if not (places and 0 <= i <= j < n and isinstance(symbol, str)):
        return None
    done = isinstance(step, int) and not isinstance(step, bool) and step >= 0
    return Looked(i, j, symbol, step if done else None)
