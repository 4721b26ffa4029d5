"""To be written."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_map
from core.topics.distances import topic_map
from pages._kit.topics import clicked, pick
from pages._kit.topics.view import View, once


def show(view: View) -> None:
    places = once(view, _places)
    clicked.chart(
        topics_map.intertopic,
        places,
        view.edited.share,
        view.edited.names,
        key="map",
        selection="topic",
        field="topic",
        now=pick.row(view),
        take=partial(_take, view),
    )
    st.write(pick.topic(view), view.edited.names[pick.row(view)])
    ids = view.edited.ids
    st.button("next", on_click=pick.set_topic, args=(ids[(pick.row(view) + 1) % len(ids)],))


def _take(view: View, row: int) -> None:
    pick.set_topic(view.edited.ids[row])


def _places(view: View) -> NDArray[np.float64]:
    return topic_map(view.topics.topic_word)
