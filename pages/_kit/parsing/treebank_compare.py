"""The results of this visit, one row a setting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.parsing.treebank_run import Config, Step
from pages._kit.parsing.learned import Chosen

KEPT = 40  # rows
KEY = "treebank_results"


def remember(chosen: Chosen, config: Config, last: Step) -> None:
    """Keep a result; the same settings on the same trees are one row."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = st.session_state.setdefault(KEY, {})
    identity = (chosen.trees, replace(config, curve=False))
    rows.pop(identity, None)
    rows[identity] = {
        "treebank": chosen.name,
        "v": config.vertical,
        "h": "all" if config.horizontal is None else str(config.horizontal),
        "tags know": "yes" if config.tags and config.vertical > 1 else "no",
        "functions": "kept" if config.functions else "dropped",
        "trees": last.trees,
        "rules": last.rules,
        "tried on": last.done,
        "longest": config.longest,
        "F1": 100 * last.f1,
        "tags right": 100 * last.tag_accuracy,
        "exact": 100 * last.exact_match,
        "ms": 1e3 * last.seconds / max(1, last.done),
    }
    while len(rows) > KEPT:
        rows.pop(next(iter(rows)))


def show() -> None:
    """The table, newest first, where there is something to compare."""
    rows = list(st.session_state.get(KEY, {}).values())[::-1]
    if not rows:
        return
    st.markdown("**Settings compared**, those you have tried in this visit")
    percent = st.column_config.NumberColumn(format="%.1f")
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="compared",
        column_config={
            "F1": st.column_config.ProgressColumn(format="%.1f", min_value=0, max_value=100),
            "tags right": percent, "exact": percent, "ms": percent, "rules": number, "trees": number,
        },
    )  # fmt: skip
    if len(rows) == 1:
        st.caption("Change v or h in the sidebar and see what becomes of F1: a row is added.")
