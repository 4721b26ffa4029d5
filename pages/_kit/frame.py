"""What stands around every exhibit: title, blurb, and the one place where errors become messages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core import device
from core.errors import VitrineError
from pages._kit import catalogue, choose

log = logging.getLogger(__name__)


@contextmanager
def exhibit(slug: str) -> Iterator[None]:
    """The frame of one exhibit: its title and blurb, then the page, then the error if there is one."""
    shown = catalogue.find(slug)
    st.title(shown.title)
    st.markdown(shown.blurb)
    with guard():
        yield


@contextmanager
def guard() -> Iterator[None]:
    """Turns an error of the part inside into one message; everything outside stays as it is."""
    try:
        yield
    except VitrineError as error:
        report(error)
    except Exception:  # noqa: BLE001 - the single boundary: the visitor gets a sentence, the log the trace
        log.exception("an exhibit failed")
        st.error(
            "Something broke in here, and it is our fault. The rest of the page still works; "
            "the details are in the server's log.",
            icon=":material/error:",
        )


def report(error: VitrineError) -> None:
    """Show the message of `error`."""
    st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """`text` with Markdown's own characters escaped: names of uploads are not ours to render."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$&^]|:(?=\w))", r"\\\1", text)


def seed() -> int:
    """The seed of everything random on the page."""
    return choose.whole(
        "Seed",
        0,
        2**31 - 1,
        key="seed",
        help="The same seed and settings give the same result, to the last digit, on this machine.",
    )


def device_readout() -> None:
    """Which processor does the work."""
    st.caption(f":material/memory: {device.describe(device.choose())}")
