"""The same posterior by Gibbs sampling: its mean as it settles, against the variational one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_inside
from core.rng import stream
from core.store import fingerprint
from core.topics import one_document_chains
from core.topics.one_document_chains import Config, Sweep
from pages._kit import choose, play
from pages._kit import show as shown
from pages._kit.topics import clicked, inside_sample, pick
from pages._kit.topics.inside_document import Inside
from pages._kit.topics.view import View

PACE = 4e-9  # seconds a token, sweep and topic
AT_ONCE = 0.8  # seconds
ALWAYS = 1e12
MOST = 30_000_000  # tokens drawn: z of all sweeps are kept
HIDDEN = "hidden topics"
SWEEPS = (20, 50, 100, 200, 500, 1000)


def show(view: View, found: Inside) -> None:
    """The room's second half."""
    st.markdown("#### The same by Gibbs sampling")
    st.markdown(
        "Another way to the posterior: every word has one topic, drawn at first by chance. A **sweep** "
        "draws each anew, given all others. Early sweeps remember their start, late ones are draws from "
        "the posterior, and their mean comes as near to it as one likes."
    )
    st.latex(r"p(z_n = k \mid z_{-n}, w) \;\propto\; \beta_{k w_n}\,(n_{-n,k} + \alpha_k)")
    with st.container(width=420):
        config = Config(sweeps=choose.slide("Sweeps", SWEEPS, 200, key="inside_sweeps"), chains=3)
    drawn = config.sweeps * config.chains * found.tokens
    if drawn > MOST:
        st.info(
            f"{drawn:,} draws for so long a document: take fewer sweeps, or only its first words.",
            icon=":material/hourglass:",
        )
        return
    sweeps = _sweeps(view, found, config, drawn)
    if sweeps:
        _compared(view, found, sweeps)
        inside_sample.show(view, found, sweeps)


def _sweeps(view: View, found: Inside, config: Config, drawn: int) -> Sequence[Sweep]:
    """Made in place where that is quick, else as a job; empty while it is under way."""
    document = found.document
    data = (document.words, document.n, document.alpha, document.beta)
    seed = view.fit.seed
    if drawn * view.topics.K * PACE < AT_ONCE:
        return _at_once(fingerprint(*data), config, seed, data)
    trace = play.play(
        "inside_gibbs", one_document_chains.learn, data, config, seed=seed, total=config.sweeps + 1,
        work=ALWAYS, draw=_sweeping,
    )  # fmt: skip
    return trace.steps if trace.finished else ()


@st.cache_resource(max_entries=8, show_spinner=False)
def _at_once(
    id: str, config: Config, seed: int, _data: one_document_chains.Arrays
) -> tuple[Sweep, ...]:
    generator = stream(seed, one_document_chains.__name__)
    return tuple(one_document_chains.learn(_data, config, generator=generator))


def _sweeping(trace: play.Trace) -> None:
    if not trace.finished:
        st.caption(f"Sweep {trace.steps[-1].sweep:,}")


def _compared(view: View, found: Inside, sweeps: Sequence[Sweep]) -> None:
    names = [view.edited.names[k] for k in view.edited.seen]
    own = partial(_seen, view)
    variational, gibbs = found.trace[-1].theta, sweeps[-1].mean
    ways = {"variational": variational, "Gibbs, 3 seeds": gibbs}
    if found.exact is not None:
        ways["counted out"] = found.exact.theta
    if len(own(variational)) > len(names):
        names.append(HIDDEN)
    left, right = st.columns(2, gap="medium")
    with left:
        now = view.edited.seen.index(pick.row(view))
        clicked.chart(
            topics_inside.mixing, own(np.array([one.gamma for one in found.trace])), names,
            key="inside_mixing", selection="topic", field="topic", now=now, take=partial(_take, view),
            sampled=own(np.array([one.mean[0] for one in sweeps[1:]] or [sweeps[0].mean[0]])),
        )  # fmt: skip
    with right:
        shown.chart(topics_inside.ways, {way: own(theta) for way, theta in ways.items()}, names)
    st.markdown(_told(view, found, gibbs))


def _told(view: View, found: Inside, gibbs: NDArray[np.float64]) -> str:
    """How far apart the answers are."""
    variational = found.trace[-1].theta
    mean = gibbs.mean(axis=0)
    apart = float(np.abs(variational - mean).sum() / 2)
    seeds = float(max(np.abs(one - other).sum() / 2 for one in gibbs for other in gibbs))
    k = int(np.abs(variational - mean).argmax())
    told = (
        f"Variational and Gibbs differ by **{apart:.1%}** of the mixture, most in topic "
        f"{view.edited.ids[k]} ({variational[k]:.1%} against {mean[k]:.1%}); the seeds of Gibbs among each "
        f"other by up to {seeds:.1%}."
    )
    if found.exact is not None:
        off = [float(np.abs(one - found.exact.theta).sum() / 2) for one in (variational, mean)]
        told += (
            f" From the true mixture, variational EM is {off[0]:.1%} away and Gibbs {off[1]:.1%}."
        )
    return told


def _seen(view: View, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` (..., K) of the topics that are seen, then the sum of hidden ones, if any."""
    kept = values[..., list(view.edited.seen)]
    hidden = [k for k in range(values.shape[-1]) if k not in view.edited.seen]
    if not hidden:
        return kept
    return np.concatenate([kept, values[..., hidden].sum(axis=-1, keepdims=True)], axis=-1)


def _take(view: View, place: int) -> None:
    if place < len(view.edited.seen):
        pick.set_topic(view.edited.ids[view.edited.seen[place]])
