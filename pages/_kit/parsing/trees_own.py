"""Trees of the visitor's own, pasted as brackets or JSON or changed by hand, and their probability."""

from __future__ import annotations

import streamlit as st

from core.errors import SettingError
from core.parsing import brackets, tree_export
from core.parsing.grammar import Symbol
from core.parsing.quantity import figure
from core.parsing.score import score
from core.parsing.tree import Tree, spans
from pages._kit import frame
from pages._kit.parsing.view import View
from pages._kit.stage.trees import Drawn, trees

MOST = 12  # trees that are drawn
LONGEST = 200_000  # characters
TOLD = 5  # problems, and missing rules
EXAMPLE = "(S (NP (DT the) (NN man)) (VP (Vi sleeps)))"
ABOUT = "Brackets as in a treebank, or the JSON of the download above. Several trees are fine."


def show(view: View) -> None:
    """A place to paste trees; they are drawn, can be changed, and are judged by the grammar."""
    with st.expander("A tree of your own", key="own_tree", bind="query-params") as opened:
        if not opened.open:
            return
        text = st.text_area(
            "Tree in brackets, or JSON", EXAMPLE, key="own_brackets", max_chars=LONGEST, help=ABOUT,
            height=120,
        )  # fmt: skip
        found = _read(text)
        if not found:
            return
        shown = [_drawn(view, tree, _title(k, found)) for k, tree in enumerate(found[:MOST])]
        try:
            edited = trees(
                shown, key="own_trees", name="Your own trees", editable=True, file="own-tree",
                marks="the grammar has no such rule",
            )  # fmt: skip
        except SettingError as error:
            frame.report(error)
            return
        if edited is not None:
            judged(view, edited)
        else:
            _judge(view, found[0])
        if len(found) > MOST:
            st.caption(f"{len(found) - MOST:,} more are not drawn.")


def _drawn(view: View, tree: Tree, title: str) -> Drawn:
    """What the grammar lacks stands out."""
    missing = {(rule.left, rule.right) for rule in score(tree, view.grammar).missing}
    marked = frozenset(
        (node.label, i, j)
        for node, i, j, _ in spans(tree)
        if missing and (node.label, _side(node)) in missing and not node.preterminal
    )
    known = view.grammar.word_symbol
    unknown = frozenset(k for k, word in enumerate(tree.words()) if word not in known)
    return Drawn(tree, title, marked=marked, unknown=unknown)


def _side(node: Tree) -> tuple[Symbol, ...]:
    return tuple(Symbol(c, True) if isinstance(c, str) else Symbol(c.label) for c in node.children)


def _title(k: int, found: list[Tree]) -> str:
    return "Your tree" if len(found) == 1 else f"Your tree {k + 1}"


def _read(text: str) -> list[Tree]:
    """The trees that can be read; what is wrong is told."""
    if text.lstrip().startswith(("{", "[")):
        try:
            return tree_export.from_json(text)
        except SettingError as error:
            frame.report(error)
            return []
    found, problems = brackets.read_all(text)
    for problem in problems[:TOLD]:
        st.error(frame.plain(str(problem)), icon=":material/error:")
    if not text.strip():
        st.caption("Nothing yet.")
    return found


def judged(view: View, text: str) -> None:
    """What the grammar says of a tree that was changed by hand."""
    found, _ = brackets.read_all(text)
    if found:
        st.code(text, language=None, wrap_lines=True)
        _judge(view, found[0])


def _judge(view: View, tree: Tree) -> None:
    scored = score(tree, view.grammar)
    if not scored.missing and tree.label == view.grammar.S:
        if view.grammar.weighted:
            told = f"Under the grammar this tree has p = **{figure(scored.log_p)}**"
            chart = view.chart
            if chart is not None and tree.words() == chart.words and chart.count:
                gap = scored.log_p - chart.log_best
                told += (
                    ", as much as the best one"
                    if gap > -1e-9
                    else f"; the best has {figure(chart.log_best)}"
                )
            st.markdown(told + ".")
        else:
            st.markdown("It is a tree of this grammar.")
        return
    if tree.label != view.grammar.S:
        st.markdown(
            f"It is no sentence: its root is {frame.plain(tree.label)}, not {frame.plain(view.grammar.S)}."
        )
    if scored.missing:
        rules = "\n".join(f"- {frame.plain(str(rule))}" for rule in scored.missing[:TOLD])
        more = len(scored.missing) - TOLD
        st.markdown(
            f"p = **0**: the grammar lacks {len(scored.missing)} of its rules.\n\n{rules}"
            + (f"\n- and {more} more" if more > 0 else "")
        )
