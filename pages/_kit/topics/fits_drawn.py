"""A model that is being fitted: its topics as they settle, and what rises or falls meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from core.topics.fit import MODELS, Config
from pages._kit import play
from pages._kit.stage import settling


def draw(vocabulary: Sequence[str], config: Config, trace: play.Trace, run: str) -> None:
    """One frame. No chart of Altair's: the browser draws this one twenty times a second."""
    model = MODELS[config.model]
    settling.live(
        trace.steps, vocabulary, model.objective, rises=model.rises, key=f"settling-{run}",
        frame=trace.frame, name=f"Topics of {model.title} while they are learned",
    )  # fmt: skip
