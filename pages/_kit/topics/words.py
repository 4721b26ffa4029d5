"""To be written."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics.prepared import Prepared


def show(prepared: Prepared) -> None:
    st.write([(e.step, e.words, e.tokens) for e in prepared.corpus.effects])
