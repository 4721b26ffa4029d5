"""The live camera: its stage in the browser, the visitor's room behind it, and the ways around.

The stage sends its pictures over a WebSocket of its own (pages/_kit/live.py). Where that is blocked
they come as triggers of the component, each with a rerun of the fragment, and the answer travels in
the component's data. Where there is no camera to be had, a still picture is asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
from queue import Empty, Queue
from typing import Any

import streamlit as st

from core import device
from core.detection import stream_jpeg
from core.detection.catalogue import Spec
from core.detection.pipeline import Settings
from core.detection.stream import Pump
from core.detection.stream_picture import Wish
from core.errors import VitrineError
from pages._kit import detectors, live
from pages._kit.detection import camera_still
from pages._kit.detection.camera_room import Booth, Room
from pages._kit.stage.wire import module, packed

KEY = "camera_stage"
PATH = "/live/camera"
TOGETHER = 8  # pictures of several visitors that a GPU looks at in one go
PATIENCE = 20.0  # seconds until an answer is given up

_mount = st.components.v2.component(
    "vitrine_camera", html='<div class="camera"></div>', js=module("camera")
)


def show(spec: Spec, wanted: Settings) -> None:
    """The live camera, looked at with the detector of `spec`."""
    channel, token = _channel()
    with channel.room.expecting(spec.title):
        detector = detectors.load(spec)
    channel.room.want(Wish(detector=detector, title=spec.title, settings=wanted))
    _stage(channel, token, spec, wanted)


class Channel:
    """A visitor's room, and the way into it through the component where sockets are blocked."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.answer: str | None = None
        self._booth: Booth | None = None
        self._answers: Queue[str] = Queue()

    def take(self, told: object) -> None:
        """A picture as the component sends it; its answer is kept."""
        opened = _opened(told)
        if opened is None:
            return
        heading, data = opened
        try:
            self._ask(heading, data)
        except VitrineError as error:
            self.answer = json.dumps({"n": heading["n"], "trouble": str(error)})

    def _ask(self, heading: dict[str, Any], data: bytes) -> None:
        if self._booth is None:
            self._answers = Queue()
            self._booth = self.room.sit(self._answers.put)
        for message in heading["do"]:
            self._booth.receive(message)
        if not self._booth.picture(heading, data):
            return
        try:
            self.answer = self._answers.get(timeout=PATIENCE)
        except Empty:  # a late answer must not be taken for that to the next picture
            self._booth.leave()
            self._booth = None

    def close(self) -> None:
        """The visitor has left."""
        self.room.close()


def _opened(told: object) -> tuple[dict[str, Any], bytes] | None:
    """Heading and picture; None for what no page of ours would send."""
    if not isinstance(told, dict) or not isinstance(told.get("jpeg"), str):
        return None
    if len(told["jpeg"]) > stream_jpeg.MAX_BYTES * 4 // 3 + 4:
        return None
    try:
        data = base64.b64decode(told["jpeg"], validate=True)
    except (binascii.Error, ValueError):
        return None
    asked = told.get("do")
    known = isinstance(asked, list) and len(asked) <= 8 and all(isinstance(m, dict) for m in asked)
    return {"n": told.get("n"), "do": asked if known else []}, data


@st.fragment
def _stage(channel: Channel, token: str, spec: Spec, wanted: Settings) -> None:
    header = {
        "token": token,
        "path": PATH,
        "answer": json.loads(channel.answer) if channel.answer else None,
    }
    stage = _mount(
        key=KEY,
        data=packed(header, b""),
        default={"still": None},
        on_picture_change=_looked,
        on_still_change=_noted,
    )
    if stage.still:
        camera_still.ask(spec, wanted)


def _looked() -> None:
    channel, _ = _channel()
    channel.take(st.session_state[KEY].picture)


def _noted() -> None:
    """Nothing is to be done but the rerun that follows: it asks for a still picture."""


@st.cache_resource(show_spinner=False, on_release=Pump.close)
def _pump() -> Pump:
    """The server's one pump: whoever watches, one picture is looked at after the other."""
    return Pump(batch=1 if device.choose().type == "cpu" else TOGETHER)


def _close(kept: tuple[Channel, str]) -> None:
    kept[0].close()


@st.cache_resource(scope="session", on_release=_close, show_spinner=False)
def _channel() -> tuple[Channel, str]:
    """This visitor's room and what opens it; closed within moments of the tab."""
    room = Room(_pump())
    return Channel(room), live.admit(room)
