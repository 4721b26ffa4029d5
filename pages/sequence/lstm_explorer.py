"""LSTM explorer: what every cell of a net remembers, at every character of a text."""

import streamlit as st

from pages._kit import frame, prose
from pages._kit.sequence import course, holding, home, models, reading, texts
from pages._kit.sequence.parts import PARTS

SLUG = "lstm_explorer"

with frame.exhibit(SLUG):
    with st.sidebar:
        net = models.chosen()
        frame.device_readout()
    course.offer()
    if net:
        name, saved = net
        with st.sidebar:
            text = texts.chosen(name, saved)
        if text:
            above = st.container()
            part = st.segmented_control("Look closer", list(PARTS), key="part", bind="query-params")
            held = holding.clamps(saved, text) if part == holding.NAME else ()
            with above:
                view = reading.read(name, saved, text, held)
                home.home(view)
            if part:
                PARTS[part](view)
    prose.follow(SLUG)
