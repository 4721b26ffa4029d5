"""Which model, and the fit: kept for the whole server, made in place or as a job where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.jobs.trace import STEPS, stride
from core.store import fingerprint
from core.topics import fit_arrays
from core.topics.counts import Counts
from core.topics.fit import BATCH, MODELS, Config
from core.topics.step import Step
from core.topics.topics import Topics
from pages._kit import frame, play
from pages._kit.topics import ahead, fits_drawn, model_more, workers
from pages._kit.topics.prepared import Prepared

TITLES = {title.title: name for name, title in MODELS.items()}
KEPT = 12  # fits that the server remembers
FIRST = 20  # topics
# seconds an iteration, for each topic and entry of the document-word matrix that it looks at; measured
# on two busy cores with the default documents
PACE = {
    "unigram": 1e-9, "mixture": 6e-9, "plsa": 1.1e-8, "lda": 1.4e-8, "online_lda": 6e-8,
    "gibbs": 1.5e-8, "nmf": 9e-9,
}  # fmt: skip
HELD = 2**25  # bytes of the whole models that come along while one is fitted


@dataclass(frozen=True, eq=False)
class Fit:
    """A model that was fitted, and how it came about; `id` names corpus, settings and seed."""

    id: str
    config: Config
    seed: int
    steps: Sequence[Step]
    topics: Topics


def chosen(prepared: Prepared) -> Fit | None:
    """Model and settings in the sidebar. None while the model is being fitted for the first time."""
    config = model()
    spread = workers.asked(config.model)
    seed = frame.seed()
    return fitted(prepared, config, seed, spread=spread)


def model() -> Config:
    """The model's settings, in the sidebar."""
    title = st.selectbox(
        "Model", list(TITLES), list(TITLES.values()).index("lda"), key="model", bind="query-params",
        help="How a document is thought to have come about. The room Stories plays each.",
    )  # fmt: skip
    chosen = TITLES[title]
    topics = 1
    if chosen != "unigram":
        topics = st.slider("Topics K", 2, 100, FIRST, key="topics", bind="query-params")
    with st.expander("More of the model", icon=":material/tune:"):
        more = model_more.asked(chosen)
    return Config(model=chosen, topics=topics, **more)


def fitted(
    prepared: Prepared, config: Config, seed: int, run: str = "topics", *, spread: bool = False
) -> Fit | None:
    """The fit, from what is kept or made now, shown while it is made as `run`; `spread` over workers.

    Where the visitor cancels it, it is what was learned until then, and theirs alone.
    """
    # always there: what stands below is not drawn anew when the film above it is gone
    place = st._main.container()
    id = name(prepared, config, seed)
    found = _kept().get(id)
    if found is not None:
        return found
    with place:
        if ahead.watched(id, "Fitting the first model", _drawing(prepared, config, run)):
            return None
    counts = prepared.corpus.counts
    total = config.steps(len(counts))
    watched = fit_arrays.Watched(fit=config, whole=_whole_at(config, counts, total))
    draw = _drawing(prepared, config, run)
    with place:
        if spread:
            trace = workers.fitted(id, counts, config, seed, draw)
        else:
            trace = play.play(
                run, fit_arrays.watched, fit_arrays.arrays(counts), watched, seed=seed, total=total,
                work=play.SPEED * seconds(config, counts), draw=draw,
            )  # fmt: skip
    if not trace.finished:
        return None
    if ended(trace.steps, watched, total):
        return keep(id, config, seed, trace.steps)
    found = _part(fingerprint(id, str(len(trace.steps))), config, seed, trace.steps)
    if found is None:
        with place:
            st.caption(
                "There is no model yet: run it again, or choose other settings in the sidebar."
            )
    return found


def seconds(config: Config, counts: Counts) -> float:
    """How long it takes to fit, about."""
    own = None if config.model == "unigram" else config.own()
    # what was measured has the model's own number of inner rounds
    rounds = 1.0
    if own is not None and hasattr(own, "inner"):
        rounds = (1 + own.inner) / (1 + type(own)().inner)
    looked = len(counts.words)
    if config.model == "online_lda":
        looked = round(looked * min(1.0, (config.batch or BATCH) / max(len(counts), 1)))
    iteration = PACE[config.model] * looked * max(config.topics, 4) * rounds
    return iteration * config.steps(len(counts))


def ended(steps: Sequence[Step], watched: fit_arrays.Watched, total: int) -> bool:
    """Whether the model was fitted to the end; False where somebody stopped it."""
    if not steps or steps[-1].topics is None:
        return False
    last = steps[-1]
    if last.iteration >= total - 1 or last.iteration not in watched.whole:
        return True
    tolerance = getattr(watched.fit.own(), "tolerance", 0.0)
    moved = abs(last.objective - steps[-2].objective) if len(steps) > 1 else np.inf
    return bool(moved < tolerance * abs(last.objective))


def made(prepared: Prepared) -> list[Fit]:
    """All fits to these documents that the server remembers, the oldest first."""
    return [fit for fit in list(_kept().values()) if name(prepared, fit.config, fit.seed) == fit.id]


def name(prepared: Prepared, config: Config, seed: int) -> str:
    """What a fit goes by."""
    return fingerprint(prepared.id, repr(config), str(seed))


def keep(id: str, config: Config, seed: int, steps: Sequence[Step]) -> Fit | None:
    """Remember what was learned; None where it ended before there was a model."""
    found = _whole(id, config, seed, steps)
    if found is None:
        return None
    kept = _kept()
    kept[id] = found
    for old in list(kept)[:-KEPT]:
        kept.pop(old, None)
    return found


def _whole(id: str, config: Config, seed: int, steps: Sequence[Step]) -> Fit | None:
    whole = [step.topics for step in steps if step.topics is not None]
    if not whole:
        return None
    return Fit(id, config, seed, tuple(replace(step, topics=None) for step in steps), whole[-1])


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _part(id: str, config: Config, seed: int, _steps: Sequence[Step]) -> Fit | None:
    """Of a fit that was cancelled: its steps until its newest whole model."""
    last = max((k for k, step in enumerate(_steps) if step.topics is not None), default=-1)
    return _whole(id, config, seed, _steps[: last + 1])


def _whole_at(config: Config, counts: Counts, total: int) -> tuple[int, ...]:
    """After which iterations the whole model comes along: what there is, should the visitor cancel."""
    if config.model == "online_lda":
        every = max(1, total // 5)
        return tuple(range(every, total, every))
    size = 4 * config.topics * (len(counts) + len(counts.vocabulary))
    # of long runs not every step is kept, and the models are to be among those that are
    return fit_arrays.now_and_then(total, min(max(HELD // size, 5), 20), stride(total, STEPS))


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Fit]:
    return {}


def _drawing(prepared: Prepared, config: Config, run: str) -> Callable[[play.Trace], None]:
    def draw(trace: play.Trace) -> None:
        if not trace.settled:
            fits_drawn.draw(prepared.vocabulary, config, trace, run)

    return draw
