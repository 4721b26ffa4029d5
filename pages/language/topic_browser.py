"""Topic browser: what documents are about, by every model from a word's unigram to LDA."""

import streamlit as st

from pages._kit import frame, prose, rooms
from pages._kit.topics.rooms import ROOMS

SLUG = "topic_browser"

with frame.exhibit(SLUG):
    room = rooms.chosen(ROOMS)
    with st.sidebar:
        what = room.ask()
        frame.device_readout()
    if what is not None:
        room.show(what)
    prose.follow(SLUG)
