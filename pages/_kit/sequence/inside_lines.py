"""The equations of one step in the course's letters, each with its numbers, and what the drawing shows.

Notation of pages/_kit/stage/cell.py: a_{i}^{t} for indices, [[...]] for a term that is nothing.
"""

from __future__ import annotations

import unicodedata

from core.sequence.inside import Inside
from core.sequence.unit_step import Back, Gru, Lstm, Srn, Sum
from core.sequence.vocabulary import UNKNOWN
from pages._kit import frame
from pages._kit.stage.cell import Line

ABOUT = {
    "lstm": "Red: the linear unit with self-weight 1.0, the error carousel. Green: gates that open or "
    "protect it. Blue: multiplications. Dashed: peepholes. Wires are the thicker the larger the number "
    "(backward: beside the largest), orange where it is positive, blue where negative.",
    "gru": "Red: the state. Green: gates, r resets and z updates. Blue: multiplications. Wires are the "
    "thicker the larger the number, orange where it is positive, blue where negative.",
    "srn": "Red: the unit. Its old value and those of all other units wait in the context units for the "
    "next step. Wires are the thicker the larger the number, orange where positive, blue where negative.",
}
NAMES = {
    "a_iota": "a_ι", "iota": "b_ι, input gate", "a_phi": "a_φ", "phi": "b_φ, forget gate",
    "a_c": "a_c", "g": "g(a_c), candidate", "s": "s_c, cell", "a_omega": "a_ω",
    "omega": "b_ω, output gate", "b": "b_c, hidden", "epsilon_c": "ε_c = ∂L/∂b_c",
    "delta_omega": "δ_ω = ∂L/∂a_ω", "epsilon_s": "ε_s = ∂L/∂s_c", "delta_c": "δ_c = ∂L/∂a_c",
    "delta_phi": "δ_φ = ∂L/∂a_φ", "delta_iota": "δ_ι = ∂L/∂a_ι", "r": "r, reset gate",
    "z": "z, update gate", "candidate": "h̃, candidate", "h": "h, hidden",
}  # fmt: skip
SPOKEN = {"\n": "a line end", "\t": "a tab", " ": "a space", UNKNOWN: "an unknown character"}


def spoken(character: str) -> str:
    """A character in a sentence of Markdown."""
    if character in SPOKEN:
        return SPOKEN[character]
    odd = unicodedata.category(character)[0] in "CZM"
    return f"U+{ord(character):04X}" if odd else f"“{frame.plain(character)}”"


def figure(value: float) -> str:
    """Three digits that matter, in the notation of lines."""
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        digits, power = f"{value:.2e}".split("e")
        return f"{digits}·10^{{{int(power)}}}".replace("-", "−")
    size = abs(value)
    return f"{value:{'#.3g' if size < 1 else '.3f' if size < 10 else '.4g'}}".replace("-", "−")


def values(found: Inside) -> dict[str, float]:
    """By the parts and wires of the drawing, forward."""
    told = found.forward
    if isinstance(told, Lstm):
        return {
            "a_iota": told.into_iota.a, "iota": told.iota, "a_phi": told.into_phi.a, "phi": told.phi,
            "a_c": told.into_c.a, "g": told.g, "a_omega": told.into_omega.a, "omega": told.omega,
            "before": told.before, "kept": told.phi * told.before, "new": told.iota * told.g,
            "s": told.s, "squashed": told.squashed, "b": told.b,
            "peep_iota": told.into_iota.weight * told.before,
            "peep_phi": told.into_phi.weight * told.before,
            "peep_omega": told.into_omega.weight * told.s,
        }  # fmt: skip
    if isinstance(told, Gru):
        return {
            "r": told.r, "z": told.z, "rest": 1 - told.z, "a_r": told.into_r.a, "a_z": told.into_z.a,
            "input": told.into_h.input, "hidden": told.into_h.hidden,
            "reset": told.r * told.into_h.hidden, "candidate": told.candidate, "new": told.new,
            "before": told.before, "kept": told.kept, "h": told.h,
        }  # fmt: skip
    return {
        "input": told.into.input, "hidden": told.into.hidden, "a": told.into.a,
        "before": told.before, "h": told.h,
    }  # fmt: skip


def slopes(back: Back, found: Inside) -> dict[str, float]:
    """By the same parts and wires, backward."""
    told = found.forward
    assert isinstance(told, Lstm)
    return {
        "a_iota": back.delta_iota, "iota": back.delta_iota, "a_phi": back.delta_phi,
        "phi": back.delta_phi, "a_c": back.delta_c, "g": told.iota * back.epsilon_s,
        "a_omega": back.delta_omega, "omega": back.delta_omega, "before": back.carousel,
        "kept": back.next_epsilon_s, "new": back.epsilon_s, "s": back.output,
        "squashed": told.omega * back.epsilon_c, "b": back.epsilon_c, "state": back.epsilon_s,
        "peep_iota": back.peep_iota, "peep_phi": back.peep_phi, "peep_omega": back.peep_omega,
    }  # fmt: skip


def forward(found: Inside) -> list[Line]:
    """Every equation forward, in the order in which it is computed."""
    told = found.forward
    if isinstance(told, Lstm):
        return _lstm(told)
    return _gru(told) if isinstance(told, Gru) else _srn(told)


def _lstm(v: Lstm) -> list[Line]:
    n = figure
    return [
        _into("ι", "a_iota", "4.2", v.into_iota, "t−1"),
        Line("iota", "4.3", "b_{ι}^{t} = f(a_{ι}^{t})", f"f({n(v.into_iota.a)}) = {n(v.iota)}"),
        _into("φ", "a_phi", "4.4", v.into_phi, "t−1"),
        Line("phi", "4.5", "b_{φ}^{t} = f(a_{φ}^{t})", f"f({n(v.into_phi.a)}) = {n(v.phi)}"),
        _into("c", "a_c", "4.6", v.into_c, None),
        Line("s", "4.7", "s_{c}^{t} = b_{φ}^{t} s_{c}^{t−1} + b_{ι}^{t} g(a_{c}^{t})",
             f"{n(v.phi)} · {_in(v.before)} + {n(v.iota)} · {_in(v.g)} = {n(v.s)}"),
        _into("ω", "a_omega", "4.8", v.into_omega, "t"),
        Line("omega", "4.9", "b_{ω}^{t} = f(a_{ω}^{t})", f"f({n(v.into_omega.a)}) = {n(v.omega)}"),
        Line("b", "4.10", "b_{c}^{t} = b_{ω}^{t} h(s_{c}^{t})",
             f"{n(v.omega)} · {_in(v.squashed)} = {n(v.b)}"),
    ]  # fmt: skip


def _into(letter: str, part: str, number: str, v: Sum, seen: str | None) -> Line:
    """What enters a gate; through the peephole it sees the cell of t-1 or t, or there is none."""
    symbols = f"a_{{{letter}}}^{{t}} = Σ w_{{i{letter}}} x_{{i}}^{{t}} + Σ w_{{h{letter}}} b_{{h}}^{{t−1}}"
    numbers = f"{figure(v.input)} {_plus(v.hidden)}"
    if seen is not None:
        symbols += _faint(f" + w_{{c{letter}}} s_{{c}}^{{{seen}}}", v.weight)
        numbers += _faint(f" {_plus(v.weight)} · {_in(v.seen)}", v.weight)
    return Line(part, number, symbols, f"{numbers} = {figure(v.a)}")


def backward(back: Back, found: Inside, *, top: bool) -> list[Line]:
    """Equations 4.11-4.16 in the order in which the error flows; `top`: this is the top layer."""
    v, n = found.forward, figure
    assert isinstance(v, Lstm)
    later = back.by_iota, back.by_phi, back.by_c, back.by_omega
    asked = "Σ_{k} w_{ck} δ_{k}^{t}" if top else "∂L/∂b_{c}^{t} by the layer above"
    # f' = f (1 - f), and h' = g' = 1 - tanh^2
    steep = {name: getattr(v, name) * (1 - getattr(v, name)) for name in ("iota", "phi", "omega")}
    flat_h, flat_g = 1 - v.squashed**2, 1 - v.g**2
    peeps = (
        ("ι", "t+1", v.into_iota.weight, back.next_delta_iota),
        ("φ", "t+1", v.into_phi.weight, back.next_delta_phi),
        ("ω", "t", v.into_omega.weight, back.delta_omega),
    )
    in_letters = "".join(
        _faint(f" + w_{{c{letter}}} δ_{{{letter}}}^{{{time}}}", weight)
        for letter, time, weight, _ in peeps
    )
    in_numbers = "".join(
        _faint(f" {_plus(weight)} · {_in(delta)}", weight) for _, _, weight, delta in peeps
    )
    return [
        Line("b", "4.11", f"ε_{{c}}^{{t}} = {asked} + Σ_{{g}} w_{{cg}} δ_{{g}}^{{t+1}}",
             f"{n(back.outside)} {_plus(sum(later))} = {n(back.epsilon_c)}"),
        Line("omega", "4.12", "δ_{ω}^{t} = f′(a_{ω}^{t}) h(s_{c}^{t}) ε_{c}^{t}",
             f"{n(steep['omega'])} · {_in(v.squashed)} · {_in(back.epsilon_c)} = {n(back.delta_omega)}"),
        Line("state", "4.13",
             "ε_{s}^{t} = b_{ω}^{t} h′(s_{c}^{t}) ε_{c}^{t} + b_{φ}^{t+1} ε_{s}^{t+1}" + in_letters,
             f"{n(v.omega)} · {n(flat_h)} · {_in(back.epsilon_c)} + {n(back.next_phi)} · "
             f"{_in(back.next_epsilon_s)}{in_numbers} = {n(back.epsilon_s)}"),
        Line("a_c", "4.14", "δ_{c}^{t} = b_{ι}^{t} g′(a_{c}^{t}) ε_{s}^{t}",
             f"{n(v.iota)} · {n(flat_g)} · {_in(back.epsilon_s)} = {n(back.delta_c)}"),
        Line("phi", "4.15", "δ_{φ}^{t} = f′(a_{φ}^{t}) s_{c}^{t−1} ε_{s}^{t}",
             f"{n(steep['phi'])} · {_in(v.before)} · {_in(back.epsilon_s)} = {n(back.delta_phi)}"),
        Line("iota", "4.16", "δ_{ι}^{t} = f′(a_{ι}^{t}) g(a_{c}^{t}) ε_{s}^{t}",
             f"{n(steep['iota'])} · {_in(v.g)} · {_in(back.epsilon_s)} = {n(back.delta_iota)}"),
    ]  # fmt: skip


def _gru(v: Gru) -> list[Line]:
    n = figure

    def gate(letter: str, into: Sum, value: float) -> Line:
        return Line(
            letter, "", f"{letter}_{{t}} = σ(W^{{({letter})}} x_{{t}} + U^{{({letter})}} h_{{t−1}})",
            f"σ({n(into.input)} {_plus(into.hidden)}) = {n(value)}",
        )  # fmt: skip

    return [
        gate("z", v.into_z, v.z),
        gate("r", v.into_r, v.r),
        Line("candidate", "", "h̃_{t} = tanh(W x_{t} + r_{t} ∘ U h_{t−1})",
             f"tanh({n(v.into_h.input)} + {n(v.r)} · {_in(v.into_h.hidden)}) = {n(v.candidate)}"),
        Line("h", "", "h_{t} = z_{t} ∘ h_{t−1} + (1 − z_{t}) ∘ h̃_{t}",
             f"{n(v.z)} · {_in(v.before)} + {n(1 - v.z)} · {_in(v.candidate)} = {n(v.h)}"),
    ]  # fmt: skip


def _srn(v: Srn) -> list[Line]:
    n = figure
    return [
        Line("a", "", "a_{t} = U x_{t} + W s_{t−1}",
             f"{n(v.into.input)} {_plus(v.into.hidden)} = {n(v.into.a)}"),
        Line("h", "", "s_{t} = f(U x_{t} + W s_{t−1}),  f = tanh", f"tanh({n(v.into.a)}) = {n(v.h)}"),
    ]  # fmt: skip


def _in(value: float) -> str:
    """A factor: negative ones, and powers of ten, in brackets."""
    text = figure(value)
    return f"({text})" if value < 0 or "10^" in text else text


def _plus(value: float) -> str:
    return f"− {figure(-value)}" if value < 0 else f"+ {figure(value)}"


def _faint(text: str, weight: float) -> str:
    return text if weight else f"[[{text}]]"
