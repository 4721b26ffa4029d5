"""Settings that one model has and another has not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.topics.fit import MODELS


def asked(model: str) -> dict[str, Any]:
    """Fields of fit.Config that the visitor changed, for one of MODELS."""
    about = MODELS[model]
    st.caption(f"{about.title}: {about.paper}")
    return {}
