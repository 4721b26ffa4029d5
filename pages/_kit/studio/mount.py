"""The studio on a page: its canvas, the room behind it, and what the link remembers of both."""

from __future__ import annotations

import json
import re

import streamlit as st

from core.charts import theme
from core.datasets.points import pack, unpack
from core.errors import SettingError
from core.nets.network import Config
from core.nets.studio import Studio
from pages._kit import frame, live
from pages._kit.points import Cloud
from pages._kit.stage.wire import module, packed
from pages._kit.studio.room import Room

KEY = "studio"
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
        found.load(cloud.points, cloud.classes, cloud.source)
    if not found.drawn and room.linked is not None:  # other points were chosen since
        room.linked = None
        st.query_params.pop("points", None)
    _from_link(room)
    found.configure(config, seed)
    header = {
        "token": token,
        "path": "/live/studio",
        "colours": {"light": theme.CLASSES, "dark": theme.CLASSES_DARK},
        "diverging": theme.DIVERGING,
        "view": _view(),
    }
    _mount(
        key=KEY,
        data=packed(header, b""),
        default={"link": None},
        on_link_change=_to_link,
    )
    return found


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
        room.studio.draw(unpack(text))
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
    moment = found.moment()
    if moment is not None and moment.seed < 2**31 and moment.name == "A":
        st.session_state["seed"] = moment.seed
    if found.drawn:
        try:
            room.linked = pack(found.points)
        except SettingError:
            room.linked = None  # too many for a link: the table of the points can be taken home
    else:
        room.linked = None
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
