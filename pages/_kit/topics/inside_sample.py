"""One sample of a document's theta and z, and how likely all of it is: log p(theta, z, w | alpha, beta)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.topics.one_document_chains import Sweep, joint
from pages._kit import frame
from pages._kit.parsing.generate_player import played
from pages._kit.topics import pick
from pages._kit.topics.inside_document import Inside
from pages._kit.topics.view import View

JOINT = r"""p(\theta, z, w \mid \alpha, \beta) = p(\theta \mid \alpha)
\prod_{n=1}^{N} p(z_n \mid \theta)\, p(w_n \mid z_n, \beta)"""
LISTED = 12  # words


def show(view: View, found: Inside, sweeps: Sequence[Sweep]) -> None:
    """The sweep that is chosen."""
    st.markdown("#### One sample, weighed")
    st.latex(JOINT)
    played(partial(_stage, view, found, sweeps), len(sweeps) - 1, key="inside_sweep", unit="Sweep")


def _stage(view: View, found: Inside, sweeps: Sequence[Sweep], at: int) -> None:
    now = sweeps[at]
    terms = joint(found.document, now.theta[0], now.z)
    a, b, c = (f"{one:,.2f}".replace(",", "{,}") for one in terms)
    total = f"{terms.sum():,.2f}".replace(",", "{,}")
    st.latex(
        rf"\begin{{aligned}} & \log p(\theta, z, w \mid \alpha, \beta) \\ & \quad = "
        rf"\underbrace{{{a}}}_{{\log p(\theta \mid \alpha)}} + "
        rf"\underbrace{{({b})}}_{{\sum \log p(z_n \mid \theta)}} + "
        rf"\underbrace{{({c})}}_{{\sum \log p(w_n \mid z_n, \beta)}} = \mathbf{{{total}}} \end{{aligned}}"
    )
    st.caption(
        "For θ its mean given z, $(n_k + \\alpha_k) / (N + \\sum_j \\alpha_j)$. The first term is the log "
        "of a density, which may be above 0. A sample need not be the likeliest one: there are many others."
    )
    _tokens(view, found, now)


def _tokens(view: View, found: Inside, now: Sweep) -> None:
    """The topics that the most frequent words have in this sample."""
    ends = np.cumsum(found.document.n.astype(int))
    told = []
    for i in range(min(LISTED, len(found.words))):
        z, times = np.unique(
            now.z[ends[i] - int(found.document.n[i]) : ends[i]], return_counts=True
        )
        order = np.argsort(-times, kind="stable")
        each = ", ".join(f"{view.edited.ids[z[k]]} × {times[k]}" for k in order)
        told.append((found.words[i], int(found.document.n[i]), each))
    lit = pick.row(view)
    st.markdown(
        f"In this sample {int((now.z == lit).sum()):,} of {found.tokens:,} words are of topic "
        f"{view.edited.ids[lit]} ({frame.plain(view.edited.names[lit])})."
    )
    st.dataframe(
        {
            "word": [one for one, _, _ in told],
            "times": [n for _, n, _ in told],
            "topics z drawn for it": [z for _, _, z in told],
        },
        hide_index=True, height=min(290, 37 + 35 * len(told)), key="inside_tokens",
    )  # fmt: skip
