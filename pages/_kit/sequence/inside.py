"""Inside one step: the cell as the course draws it, with the numbers of one unit at one character."""

from __future__ import annotations

import math

import streamlit as st

from core.sequence import inside
from core.sequence.inside import Inside
from core.sequence.saved import Saved
from core.sequence.units import Unit
from pages._kit import choose
from pages._kit.sequence import inside_lines, tracks
from pages._kit.sequence import view as of_view
from pages._kit.sequence.view import View
from pages._kit.stage.cell import Pass, cell

AHEAD = (1, 2, 5, 10, 20, 50)
CLOSE = 1e-10
ABOUT_AHEAD = """The loss L is the sum over so many characters that come next, in nats. With one of them
nothing flows back from later steps; with more the error carousel is seen at work."""
ABOUT_TABLE = """Forward: the equations by hand beside the net's own step. Backward: equations (4.11) to
(4.16) by hand beside autograd. All in 64 bits."""
MISPRINT = """The course's slide of (4.7) has the letters of the gates mixed up; this is Graves' own:
the forget gate multiplies the old cell, the input gate what is new."""


def show(view: View) -> None:
    """The part of the page."""
    saved = view.saved
    unit = view.shown[0] if view.shown else Unit(tracks.STATES[saved.config.cell], 0)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with right:
        ahead = choose.slide(
            "Characters that the loss asks for",
            AHEAD,
            10,
            key="inside_ahead",
            help=ABOUT_AHEAD,
        )
    where = unit.layer, unit.backward, unit.unit
    found = _looked(saved.mark, view.text, where, view.at, ahead, saved)
    name = tracks.label(unit, saved)
    with left:
        st.markdown(
            f"##### Unit {name} reads {inside_lines.spoken(view.text[view.at])}, character {view.at}"
        )
        st.markdown(_sentence(found, view, unit))
    passes = [Pass("Forward", inside_lines.values(found), inside_lines.forward(found))]
    if found.back is not None:
        lines = inside_lines.backward(found.back, found, top=unit.layer + 1 == saved.config.layers)
        passes.append(Pass("Backward", inside_lines.slopes(found.back, found), lines))
    cell(
        saved.config.cell,
        passes,
        peepholes=saved.config.peepholes,
        about=inside_lines.ABOUT[saved.config.cell],
        key="inside_cell",
        name=f"What happens inside unit {name} at character {view.at}",
    )
    _check(found)
    if saved.config.cell == "lstm":
        st.caption(MISPRINT)
    if view.clamps:
        st.caption("Nothing is held in here: these are the numbers of the net as it was trained.")


def _sentence(found: Inside, view: View, unit: Unit) -> str:
    """What the loss is, and where the numbers come from."""
    if found.counted is None:
        return "No character follows that could be asked for, so there is no loss, and no way back."
    first, last = found.counted
    count = last - first
    which = "the next character" if count == 1 else f"the next {count} characters"
    if unit.backward:
        which = f"{count} character{'s' * (count > 1)} in the direction in which this unit reads"
    told = f"L, the loss of {which}, is **{found.loss:.4g}** nats."
    if found.back is None:
        told += f" By autograd ∂L/∂h = **{found.slope:.4g}**.".replace("-", "−")
    elif unit.layer + 1 < view.saved.config.layers:
        told += " What the layer above asks of this one comes from autograd."
    if found.window[0] and not unit.backward:
        told += f" The {view.at - found.window[0]} characters before it are read again, in 64 bits."
    return told


def _check(found: Inside) -> None:
    """The verdict, and every number twice."""
    count, worst = len(found.checks), found.worst
    if worst <= CLOSE:
        power = min(-10, max(-16, math.ceil(math.log10(worst)) if worst else -16))
        all_of = f"All {count} numbers agree" if count > 1 else "It agrees"
        other = "the net and autograd" if found.back else "the net"
        st.markdown(f":green[:material/check_circle:] {all_of} with {other} to 10$^{{{power}}}$.")
    else:
        far = sum(check.apart > CLOSE for check in found.checks)
        st.error(f"{far} of {count} numbers differ, by up to {worst:.1e}.", icon=":material/error:")
    with st.expander("Each number twice", key="inside_twice"):
        st.caption(ABOUT_TABLE)
        st.dataframe(
            [
                {
                    "quantity": inside_lines.NAMES[check.name],
                    "equation": f"({check.equation})" if check.equation else "",
                    "by these equations": f"{check.here:.15g}",
                    "by the net and autograd": f"{check.there:.15g}",
                    "difference": f"{check.apart:.1e}" if check.apart else "0",
                }
                for check in found.checks
            ],
            hide_index=True,
            height="content",
            key="inside_table",
        )


@st.cache_resource(max_entries=64, show_spinner=False)
def _looked(
    mark: str,
    text: str,
    where: tuple[int, bool, int],
    at: int,
    ahead: int,
    _saved: Saved,
) -> Inside:
    layer, reverse, unit = where
    return inside.look(
        _saved.net,
        _saved.vocabulary.encode(text),
        of_view.traced(_saved, text),
        unit=unit,
        layer=layer,
        reverse=reverse,
        at=at,
        ahead=ahead,
    )
