"""Variational EM of one document: phi and gamma of the round that is shown, and the numbers of one word."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.store import fingerprint
from core.topics.one_document_word import weights
from pages._kit import frame
from pages._kit.parsing.generate_player import played
from pages._kit.stage.product_phi import Shown, phi
from pages._kit.topics import pick
from pages._kit.topics.inside_document import Inside
from pages._kit.topics.view import View

WORDS = 22  # rows
WRITTEN = 2  # words of gamma's sum
OTHERS = "all other topics"


def show(view: View, found: Inside) -> None:
    """Play, step and scrub."""
    st.markdown(
        f"**{found.tokens:,}** words of “{frame.plain(view.prepared.documents.titles[found.d])}” are "
        "seen; the topic $z_n$ of each, and the document’s mixture $\\theta$, are not. Each word’s guess, "
        "$\\phi$, follows from the mixture’s, $\\gamma$; and $\\gamma$ from all $\\phi$. Round 0 knows "
        "nothing: all topics alike."
    )
    ran = (pick.topic(view), pick.word(view))
    played(
        partial(_stage, view, found, ran), len(found.trace) - 1, key="inside_round", unit="Round"
    )


def _stage(view: View, found: Inside, ran: tuple[int, str | None], at: int) -> None:
    if (pick.topic(view), pick.word(view)) != ran:
        st.rerun()  # clicked in here, and told elsewhere on the page too
    rows = _rows(view, found)
    columns = _columns(view, found)
    word, lit = _lit(view, found, rows), columns.index(pick.row(view))
    now = found.trace[at]
    ids: list[int | None] = [view.edited.ids[k] for k in columns]
    names = [view.edited.names[k] for k in columns]
    if len(columns) < len(now.gamma):
        ids, names = [*ids, None], [*names, OTHERS]
    gamma = np.max([_gathered(one.gamma, columns) for one in found.trace])
    shown = Shown(
        fingerprint(view.id, f"{found.d} {found.tokens} {columns}"), at,
        [(found.words[i], int(found.document.n[i])) for i in rows],
        list(zip(ids, names, strict=True)),
        _gathered(found.phi(at)[rows], columns), _gathered(now.gamma, columns),
        _gathered(found.document.alpha, columns), float(gamma), [one.bound for one in found.trace],
        (rows.index(word), lit),
    )  # fmt: skip
    phi(shown, key="inside_phi", take=partial(_take, view, found, rows, columns))
    if len(rows) < len(found.words):
        st.caption(f"The {len(rows)} most frequent of {len(found.words):,} different words.")
    _numbers(view, found, at, word, pick.row(view))


def _numbers(view: View, found: Inside, at: int, word: int, row: int) -> None:
    """Both equations for the lit word and topic."""
    z = view.edited.ids[row]
    name = frame.plain(found.words[word])
    st.markdown(
        f"**Round {at}**, word $w_n$ = “{name}”, topic $k = {z}$ ({frame.plain(view.edited.names[row])})"
    )
    left, right = st.columns(2)
    with left:
        st.latex(_phi(found, at, word, row))
    with right:
        st.latex(_gamma(found, at, row))


def _phi(found: Inside, at: int, word: int, k: int) -> str:
    value = _short(float(found.phi(at)[word, k]))
    if at == 0:
        K = len(found.document.alpha)
        return rf"\phi_{{nk}} = \tfrac{{1}}{{k}} = \tfrac{{1}}{{{K}}} = \mathbf{{{value}}}"
    gamma = found.trace[at - 1].gamma
    each = weights(found.document, gamma)[word]
    beta, total = _short(float(found.document.beta[word, k])), _short(float(each.sum()))
    return (
        r"\begin{aligned} & \phi_{nk} = \frac{\beta_{k w_n}\, e^{\Psi(\gamma_k)}}"
        r"{\sum_j \beta_{j w_n}\, e^{\Psi(\gamma_j)}} \\ & \quad = "
        rf"\frac{{{beta} \cdot e^{{\Psi({_short(float(gamma[k]))})}}}}{{{total}}}"
        rf" = \frac{{{_short(float(each[k]))}}}{{{total}}}"
        rf" \\ & \quad = \mathbf{{{value}}} \end{{aligned}}"
    )


def _gamma(found: Inside, at: int, k: int) -> str:
    now, phi = found.trace[at], found.phi(at)
    n, alpha = found.document.n, float(found.document.alpha[k])
    added = n * phi[:, k]
    best = np.argsort(-added, kind="stable")[:WRITTEN]
    parts = [rf"{n[i]:g} \cdot {_short(float(phi[i, k]))}" for i in best]
    more = len(n) - len(best)
    if more:
        rest = float(now.gamma[k] - alpha - added[best].sum())
        parts.append(rf"\underbrace{{{_short(max(rest, 0.0))}}}_{{\text{{{more} other words}}}}")
    return (
        r"\begin{aligned} & \gamma_k = \alpha_k + \sum_{n=1}^{N} \phi_{nk} \\ & \quad = "
        + r" \\ & \qquad + ".join([_short(alpha), " + ".join(parts[:2]), *parts[2:]])
        + rf" \\ & \quad = \mathbf{{{_short(float(now.gamma[k]))}}} \end{{aligned}}"
    )


def _short(x: float) -> str:
    """Four digits, as TeX."""
    if x == 0 or 1e-3 <= abs(x) < 1e5:
        return f"{x:.4g}" if abs(x) < 1e4 else f"{x:.0f}"
    mantissa, power = f"{x:.2e}".split("e")
    return rf"{mantissa} \times 10^{{{int(power)}}}"


def _rows(view: View, found: Inside) -> list[int]:
    """Words with a row: the most frequent ones, and the picked one."""
    told = pick.word(view)
    rows = list(range(min(WORDS, len(found.words))))
    if told in found.words and found.words.index(told) >= WORDS:
        rows[-1] = found.words.index(told)
    return rows


def _columns(view: View, found: Inside) -> list[int]:
    """Topics with a column: the document's largest, and the picked one."""
    row = pick.row(view)
    return [*found.columns] if row in found.columns else [*found.columns, row]


def _lit(view: View, found: Inside, rows: list[int]) -> int:
    told = pick.word(view)
    return found.words.index(told) if told in found.words else rows[0]


def _gathered(values: NDArray[np.float64], columns: list[int]) -> NDArray[np.float64]:
    """`values` (..., K) of the shown topics, then the sum of the others, if any."""
    shown = values[..., columns]
    if len(columns) == values.shape[-1]:
        return shown
    rest = values.sum(axis=-1, keepdims=True) - shown.sum(axis=-1, keepdims=True)
    return np.concatenate([shown, np.maximum(rest, 0)], axis=-1)


def _take(view: View, found: Inside, rows: list[int], columns: list[int], i: int, k: int) -> None:
    if 0 <= i < len(rows):
        pick.set_word(found.words[rows[i]])
    if 0 <= k < len(columns):
        pick.set_document(found.d)  # or another topic would bring its own
        pick.set_topic(view.edited.ids[columns[k]])
