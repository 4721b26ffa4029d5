"""What most rooms look at: documents, a model fitted to them, its topics as the visitor left them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.store import fingerprint
from core.topics import edits
from core.topics.edits import Edit, Edited
from core.topics.topics import Topics
from pages._kit.topics.fits import Fit
from pages._kit.topics.prepared import Prepared

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class View:
    """`topics` are the edited ones: row k is topic number `edited.ids[k]`, called `edited.names[k]`.

    `id` names all of it, edits too.
    """

    id: str
    prepared: Prepared
    fit: Fit
    edited: Edited

    @property
    def topics(self) -> Topics:
        return self.edited.topics

    @property
    def p_word(self) -> NDArray[np.float64]:
        """p(w) of the corpus, (V,)."""
        total = self.prepared.corpus.counts.per_word()
        return total / total.sum()


def viewed(prepared: Prepared, fit: Fit, changes: tuple[Edit, ...]) -> View:
    """Raises SettingError for edits that cannot be."""
    id = fingerprint(fit.id, repr(changes))
    return _viewed(id, prepared, fit, changes)


@st.cache_resource(max_entries=16, show_spinner=False)
def _viewed(id: str, _prepared: Prepared, _fit: Fit, _changes: tuple[Edit, ...]) -> View:
    return View(id, _prepared, _fit, edits.applied(_fit.topics, _changes, _prepared.length))


def once(view: View, make: Callable[..., T], *more: Any) -> T:
    """`make(view, *more)`, remembered for this view; `more` are plain values. Not to be changed."""
    return _once(view.id, f"{make.__module__}.{make.__qualname__}", repr(more), make, view, more)


@st.cache_resource(max_entries=256, show_spinner=False)
def _once(id: str, name: str, told: str, _make: Any, _view: View, _more: tuple[Any, ...]) -> Any:
    return _make(_view, *_more)
