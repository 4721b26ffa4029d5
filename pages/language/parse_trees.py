"""Parse trees: every tree of a sentence, the chart that finds them, and grammars learned from treebanks."""

import streamlit as st

from pages._kit import frame, prose, rooms
from pages._kit.parsing.rooms import ROOMS

SLUG = "parse_trees"

with frame.exhibit(SLUG):
    room = rooms.chosen(ROOMS)
    with st.sidebar:
        what = room.ask()
        frame.device_readout()
    if what is not None:
        room.show(what)
    prose.follow(SLUG)
