"""A model that is being fitted: its topics as they settle, and what rises or falls meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.topics.fit import MODELS, Config
from core.topics.step import Step


def draw(vocabulary: Sequence[str], config: Config, steps: Sequence[Step]) -> None:
    """One frame."""
    last = steps[-1]
    st.caption(f"{MODELS[config.model].objective}: {last.objective:.4f}")
    st.dataframe(
        {"topic": [" ".join(vocabulary[w] for w in row[:8]) for row in last.best]}, hide_index=True
    )
