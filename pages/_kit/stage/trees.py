"""Trees side by side: drawn, closed and opened by a click, taken home, and one of them changed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import streamlit as st

from core.charts.theme import CLASSES, CLASSES_DARK
from core.errors import require
from core.parsing.brackets import one_line
from core.parsing.tree import Tree, spans
from pages._kit.stage.wire import module

COLOURS = 7  # of categories: as many as can be told apart at a glance
NODES = 40_000  # of all trees together, words included

_mount = st.components.v2.component(
    "vitrine_trees", html='<div class="syntax"></div>', js=module("syntax")
)


@dataclass(frozen=True)
class Drawn:
    """A tree as it is shown: `lines` stand beside its title, `marked` are nodes (label, i, j) that
    stand out, `unknown` the places of words that the grammar does not know. `notes`, where given, say
    something of the rule at each node, in the order of `tree.nodes()`.
    """

    tree: Tree
    title: str = ""
    lines: tuple[str, ...] = ()
    marked: frozenset[tuple[str, int, int]] = frozenset()
    unknown: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def trees(
    shown: Sequence[Drawn], *, key: str, name: str, editable: bool = False, marks: str = "",
    file: str = "tree",
) -> str | None:  # fmt: skip
    """Draw trees side by side; `name` tells what they are to those who cannot see them.

    With `editable`, gives the first tree as the visitor changed it, in brackets; None until then.
    `marks` says of a marked node why it is, `file` is the name of saved pictures. Raises
    SettingError where there are more than NODES nodes to draw.
    """
    rows = [_rows(one.tree) for one in shown]
    total = sum(map(len, rows))
    require(total <= NODES, "trees", wanted=f"at most {NODES:,} nodes to draw", given=f"{total:,}")
    told = [one_line(one.tree) for one in shown]
    identity = blake2b("\n".join(told).encode(), digest_size=8).hexdigest()
    data = {
        "id": identity,
        "name": name,
        "file": file,
        "marks": marks,
        "editable": editable,
        "colours": {"light": CLASSES[:COLOURS], "dark": CLASSES_DARK[:COLOURS]},
        "trees": [
            {
                "title": one.title,
                "lines": list(one.lines),
                "nodes": nodes,
                "marked": _places(one, nodes),
                "unknown": sorted(one.unknown),
                "notes": list(one.notes),
            }
            for one, nodes in zip(shown, rows, strict=True)
        ],
    }
    found = _mount(key=key, data=data, default={"edited": None}, on_edited_change=_noted)
    edited = found.edited
    if isinstance(edited, list) and len(edited) == 2 and edited[0] == identity:
        return str(edited[1])
    return None


def _noted() -> None:
    """The rerun that follows reads what was changed."""


def _rows(tree: Tree) -> list[tuple[str, int, bool]]:
    """Text, place of the parent and whether it is a word, each node before what is below it."""
    rows: list[tuple[str, int, bool]] = []
    stack: list[tuple[Tree | str, int]] = [(tree, -1)]
    while stack:
        node, parent = stack.pop()
        if isinstance(node, str):
            rows.append((node, parent, True))
        else:
            stack.extend((child, len(rows)) for child in reversed(node.children))
            rows.append((node.label, parent, False))
    return rows


def _places(one: Drawn, rows: list[tuple[str, int, bool]]) -> list[int]:
    """Where the marked nodes stand in the rows."""
    if not one.marked:
        return []
    inner = (k for k, (_, _, word) in enumerate(rows) if not word)
    return [
        k
        for k, span in zip(inner, spans(one.tree), strict=True)
        if (span.node.label, span.i, span.j) in one.marked
    ]
