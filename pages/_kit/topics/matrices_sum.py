"""One cell of the product with its numbers: p(w | d) = sum over z of p(w | z) p(z | d)."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.topics.matrices import Terms, terms
from pages._kit import frame
from pages._kit.topics import pick
from pages._kit.topics.view import View, once

WRITTEN = 3  # terms; the rest is summed
DIGITS = 4


def show(view: View, d: int, w: int) -> None:
    """Written out, as a table, and beside what was counted."""
    found = once(view, _terms, d, w)
    word = frame.plain(view.prepared.vocabulary[w])
    title = frame.plain(view.prepared.documents.titles[d])
    st.markdown(f"#### How likely is “{word}” in “{title}”?")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.latex(written(found, view))
        n, N = once(view, _counted, d, w)
        st.markdown(
            f"Counted there: **{n:g}** of {N:g} words, $n / N_d = {number(found.seen)}$. {_compared(found)}"
        )
    with right:
        _table(view, found)


def _terms(view: View, d: int, w: int) -> Terms:
    return terms(view.topics, view.prepared.corpus.counts, d, w)


def _counted(view: View, d: int, w: int) -> tuple[float, float]:
    words, counts = view.prepared.corpus.counts.document(d)
    return float(counts[words == w].sum()), float(counts.sum())


def _compared(found: Terms) -> str:
    if found.seen == 0:
        return (
            "The model expects it all the same, as words of these topics go: that is what it adds."
        )
    ratio = found.p / found.seen
    if ratio > 1.25:
        return (
            f"The model expects {ratio:.2g} times as many: topics lend all documents their words."
        )
    if ratio < 0.8:
        return f"The model expects {ratio:.2g} times as many: topics do not hold what is its own."
    return "The model says nearly the same."


def places(p: float) -> int:
    """Decimals with which `p` has DIGITS digits."""
    return DIGITS - 1 - math.floor(math.log10(p)) if p > 0 else DIGITS


def number(p: float) -> str:
    """Four digits, as TeX."""
    if p == 0:
        return "0"
    if p < 1e-4:
        power = math.floor(math.log10(p))
        return rf"{p / 10**power:.{DIGITS - 1}f} \times 10^{{{power}}}"
    return f"{p:.{places(p)}f}"


def written(found: Terms, view: View) -> str:
    """The equation, its largest terms with their numbers, and a sum that is right to the last digit."""
    # all with as many decimals as the sum; of a small one in tens of its power
    power = math.floor(math.log10(found.p)) if 0 < found.p < 1e-3 else 0
    shown = places(found.p / 10**power)
    total = round(found.p / 10**power, shown)
    best = sorted(view.edited.seen, key=lambda k: (-found.product[k], k))[:WRITTEN]
    best = [k for k in best if found.product[k] / 10**power >= 0.5 / 10**shown] or best[:1]
    # sums so far are rounded, not terms: what is written adds up
    sums = [round(float(x) / 10**power, shown) for x in np.cumsum(found.product[best])]
    parts = [f"{one:.{shown}f}" for one in np.diff([0.0, *sums])]
    products = [_product(found, k, view.edited.ids[k]) for k in best]
    more = len(found.product) - len(best)
    if more:
        rest = total - sums[-1]
        others = "1 other topic" if more == 1 else f"{more} other topics"
        parts.append(rf"\underbrace{{{rest:.{shown}f}}}_{{\text{{{others}}}}}")
        products.append(r"\cdots")
    ten = rf" \times 10^{{{power}}}" if power else ""
    summed = " + ".join(parts)
    lines = [
        r"p(w \mid d) = \sum_{z} p(w \mid z)\, p(z \mid d)",
        rf"\quad = {products[0]}",
        *(rf"\qquad + {one}" for one in products[1:]),
        rf"\quad = {f'({summed}){ten}' if power else summed}",
        rf"\quad = \mathbf{{{total:.{shown}f}}}{ten}",
    ]
    return r"\begin{aligned} & " + r" \\ & ".join(lines) + r" \end{aligned}"


def _product(found: Terms, k: int, z: int) -> str:
    word, topic = (
        number(float(p[k])) for p in (found.word_given_topic, found.topic_given_document)
    )
    return (
        rf"\underbrace{{{word}}}_{{p(w \mid z_{{{z}}})}} \cdot "
        rf"\underbrace{{{topic}}}_{{p(z_{{{z}}} \mid d)}}"
    )


def _table(view: View, found: Terms) -> None:
    order = [k for k in np.argsort(-found.product, kind="stable").tolist() if k in view.edited.seen]
    share = found.product / found.p if found.p > 0 else found.product
    lit = pick.row(view)
    st.dataframe(
        {
            "topic": [
                f"{'▸ ' if k == lit else ''}{view.edited.ids[k]} · {view.edited.names[k]}" for k in order
            ],
            "p(w|z)": [float(found.word_given_topic[k]) for k in order],
            "p(z|d)": [float(found.topic_given_document[k]) for k in order],
            "of p(w|d)": [float(share[k]) for k in order],
        },
        hide_index=True, height=min(250, 37 + 35 * len(order)), key="matrices_terms",
        column_config={
            "topic": st.column_config.TextColumn(width=140),
            "p(w|z)": st.column_config.NumberColumn(format="%.1e", width=62),
            "p(z|d)": st.column_config.NumberColumn(format="%.3f", width=54),
            "of p(w|d)": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1, width=80
            ),
        },
    )  # fmt: skip
