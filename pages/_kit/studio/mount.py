"""The studio on a page: its canvas, the room behind it, and what the link remembers of both."""

from __future__ import annotations

import json
import re

import streamlit as st

from core.charts import networks, theme
from core.datasets.points import pack, unpack_named
from core.errors import SettingError
from core.nets.network import Config
from core.nets.studio import Studio
from pages._kit import frame, live
from pages._kit.points import OWN, Cloud
from pages._kit.stage.wire import module, packed
from pages._kit.studio import settings
from pages._kit.studio.room import Room

KEY = "studio"
BY_HAND = "One update by hand"  # the view of the page of which `closer` may hold the name
OVER = "Too many points for a link: take the table home as **Points, CSV**."
VIEW = re.compile(r"[0-9a-z.,~+-]{1,120}")  # of assets/js/studio.mjs: stage~mode~units~window

_mount = st.components.v2.component(
    "vitrine_studio", html='<div class="studio"></div>', js=module("studio")
)


def studio(cloud: Cloud | None, config: Config, seed: int) -> Studio:
    """Show the studio of this visitor, learning from `cloud` with these settings.

    Without a cloud it keeps the points it has.

    Points drawn by hand come from the link and go there, as do what is looked at and the seed.
    """
    room, token = _room()
    found = room.studio
    if cloud is not None:
        room.own = cloud.source[0] == OWN
        fresh = found.load(cloud.points, cloud.classes, cloud.source)
        if fresh and (room.linked is not None or room.over):  # other points were chosen since
            room.linked, room.over = None, False
            st.query_params.pop("points", None)
    _from_link(room)
    found.configure(config, seed)
    header = {
        "token": token,
        "path": "/live/studio",
        "colours": {"light": theme.CLASSES, "dark": theme.CLASSES_DARK, "lanes": networks.LANES},
        "diverging": theme.DIVERGING,
        "view": _view(),
        "point": _pointed(),
    }
    _mount(
        key=KEY,
        data=packed(header, b""),
        default={"link": None},
        on_link_change=_to_link,
    )
    if room.over:
        st.caption(f":material/link_off: {OVER}")
    return found


def _pointed() -> int | None:
    """The point of which one update is shown by hand; before its control was made, as the link says."""
    closer = st.session_state.get("closer") or st.query_params.get("closer")
    if closer != BY_HAND:
        return None
    point = st.session_state.get("point", st.query_params.get("point", "0"))
    return int(point) if str(point).isdecimal() and len(str(point)) < 9 else None


def _view() -> str | None:
    view = st.query_params.get("view", "")
    return view if VIEW.fullmatch(view) else None


def _from_link(room: Room) -> None:
    """Points of the link, where they are news."""
    text = st.query_params.get("points")
    if text is None or text == room.linked:
        return
    room.linked = text
    try:
        room.studio.draw(*unpack_named(text))
    except SettingError as error:
        frame.report(error)


def _to_link() -> None:
    """The browser has been quiet for a while: what it shows now goes into the link."""
    room, _ = _room()
    told = _told(st.session_state[KEY].link)
    if told is None:
        return
    found, view = room.studio, told.get("view")
    if isinstance(view, str) and VIEW.fullmatch(view):
        st.query_params["view"] = view
    else:
        st.query_params.pop("view", None)
    settings.follow(found)
    use = told.get("use")
    if use is not None and use != room.used:
        room.used = use
        i = use[0] if isinstance(use, list) and use else None
        if isinstance(i, int) and not isinstance(i, bool) and 0 <= i < len(found.points.x):
            st.session_state.update({"point": i, "closer": BY_HAND})
    room.linked, room.over = None, False
    if found.drawn or room.own:
        try:
            room.linked = pack(found.points, found.classes)
        except SettingError:
            room.over = True
    if room.linked is None:
        st.query_params.pop("points", None)
    else:
        st.query_params["points"] = room.linked


def _told(link: object) -> dict[str, object] | None:
    try:
        told = json.loads(link) if isinstance(link, str) and len(link) < 1000 else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _close(kept: tuple[Room, str]) -> None:
    kept[0].studio.close()


@st.cache_resource(scope="session", on_release=_close, show_spinner=False)
def _room() -> tuple[Room, str]:
    """This visitor's room and what opens it; closed within moments of the tab."""
    room = Room()
    return room, live.admit(room)
