"""The sidebar of a room: documents, how their words are counted, the model."""

from __future__ import annotations

import streamlit as st

from core.errors import SettingError
from pages._kit import frame
from pages._kit.topics import changes, fits, prepared, source
from pages._kit.topics.prepared import Prepared
from pages._kit.topics.view import View, viewed


def corpus() -> Prepared | None:
    """Documents and their counts. What is missing, or wrong, has been said where it is None."""
    found = source.chosen()
    return None if found is None else prepared.chosen(found)


def view() -> View | None:
    """The same and a model fitted to them."""
    counted = corpus()
    if counted is None:
        fits.model()
        frame.seed()
        return None
    try:
        found = fits.chosen(counted)
        return None if found is None else viewed(counted, found, changes.of(found))
    except SettingError as error:
        with st._main:
            frame.report(error)
        return None
