"""Results to take home: a row of download buttons that do not run the page again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def home(files: Mapping[str, Callable[[], bytes | str]], *, labels: Mapping[str, str]) -> None:
    """One button a file; `files` by name, made when asked for; `labels` by the name's ending."""
    with st.container(horizontal=True):
        for name, make in files.items():
            label = labels[name.rpartition(".")[2]]
            st.download_button(
                label, make, name, on_click="ignore", key=f"take-{name}", icon=":material/download:"
            )
