"""A detector from the inside: candidates that melt down to the answer, its places, IoU to drag."""

from __future__ import annotations

import streamlit as st

from pages._kit.stage.wire import module

_mount = st.components.v2.component(
    "vitrine_inside",
    html='<div class="inside"></div>',
    js=module("inside"),
)


def inside(data: bytes, *, key: str) -> None:
    """Show what `scene` has bundled: see pages/_kit/detection/inside_scene.py."""
    _mount(key=key, data=data)
