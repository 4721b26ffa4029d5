"""The bound that the rounds raise: its five terms, drawn each by itself, and their numbers."""

from __future__ import annotations

import streamlit as st

from core.charts import topics_inside
from pages._kit import show as shown
from pages._kit.topics.inside_document import Inside

BOUND = r"""\begin{aligned} & \mathcal{L}(\gamma, \phi) \;\le\; \log p(w \mid \alpha, \beta) \\
& \mathcal{L} = \mathrm{E}_q \log p(\theta \mid \alpha) + \mathrm{E}_q \log p(z \mid \theta) \\
& \quad + \mathrm{E}_q \log p(w \mid z, \beta) \\
& \quad - \mathrm{E}_q \log q(\theta) - \mathrm{E}_q \log q(z)
\end{aligned}"""


def show(found: Inside) -> None:
    """Of all rounds."""
    first, last = found.trace[0], found.trace[-1]
    st.markdown("#### What each round raises")
    st.latex(BOUND)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        shown.chart(topics_inside.terms, [one.terms.tolist() for one in found.trace])
    with right:
        st.dataframe(
            {
                "nats": [*topics_inside.TERMS, "the bound"],
                "round 0": [*first.terms.tolist(), first.bound],
                f"round {len(found.trace) - 1} ": [*last.terms.tolist(), last.bound],
            },
            hide_index=True, key="inside_terms",
            column_config={
                name: st.column_config.NumberColumn(format="%.2f", width=80)
                for name in ("round 0", f"round {len(found.trace) - 1} ")
            },
        )  # fmt: skip
        st.markdown(_ended(found))


def _ended(found: Inside) -> str:
    last = found.trace[-1]
    told = (
        f"Rounds: {len(found.trace) - 1}, none of which lowered it; the last changed γ by "
        f"{last.change:.2g} on average."
    )
    if found.exact is None:
        return (
            f"{told} What it stays below cannot be counted out here: take only the first few words."
        )
    gap = max(found.exact.log_p - last.bound, 0.0)
    return (
        f"{told} All ways to give the words topics, added up: $\\log p(w \\mid \\alpha, \\beta) = "
        f"{found.exact.log_p:.3f}$. The bound is **{gap:.3f}** below; that gap is the divergence of $q$ "
        "from the true posterior."
    )
