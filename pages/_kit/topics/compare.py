"""Compare: two topics of this model, or this model and another one."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics import compare_models, compare_two
from pages._kit.topics.view import View

TWO, MODELS = "Two topics", "Two models"


def show(view: View) -> None:
    """The room."""
    what = st.segmented_control(
        "Compare", [TWO, MODELS], default=TWO, key="compare_what", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    if what == MODELS:
        compare_models.show(view)
    else:
        compare_two.show(view)
