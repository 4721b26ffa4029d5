"""The network and how it is trained: every setting a control in the sidebar, kept in the link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.nets.network import ACTIVATIONS, EXTRAS, INITIALS, LOSSES, OPTIMISERS, Config
from core.nets.studio import Studio
from pages._kit import choose

UNITS = (6, 2, 6, 6, 6, 6)  # of the hidden layers, at first
RATES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 1.0)
MOMENTA = (0.0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCHES = (1, 2, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 10_000, 100_000)
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
NOISES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
SLIDERS: dict[str, tuple[Any, ...]] = {
    "rate": RATES, "momentum": MOMENTA, "batch": BATCHES, "l1": PENALTIES, "l2": PENALTIES,
    "dropout": SHARES, "input_noise": NOISES, "gradient_noise": NOISES,
}  # fmt: skip
SEEDS = 2**31 - 1  # the largest
ABOUT = {
    "extras": "Numbers made of x1 and x2 that enter the net beside them.",
    "loss": "Cross-entropy: -log of the probability of the right class. Squared error: mean (o - t)².",
    "initial": "Where training begins. A change begins anew; zeros shows why not.",
    "optimiser": "What is made of the gradient. All but sgd remember the gradients before.",
    "rate": "Length of a step: W := W - learning rate * gradient.",
    "momentum": "Share of the last step that is kept; only for momentum and nesterov.",
    "batch": "Examples whose mean gradient makes one step. At most all there are.",
    "shuffle": "A new order of the points in every epoch.",
    "l1": "Adds l1 * sum of |W| to the loss: weights shrink until they are 0.",
    "l2": "Adds l2 / 2 * sum of W² to the loss: large weights cost most.",
    "dropout": "Each hidden unit is silent with this probability, while learning.",
    "input_noise": "Standard deviation of noise added to the points, while learning.",
    "gradient_noise": "Standard deviation of noise added to every gradient.",
}


def chosen() -> Config:
    """What the visitor has chosen. The defaults are those of ConvNetJS's demo."""
    with st.expander("Network", expanded=True, icon=":material/hub:"):
        count = choose.slide("Hidden layers", range(7), 2, key="layers")
        layers = [_layer(k) for k in range(count)]
        extras = st.pills(
            "Extra inputs",
            list(EXTRAS),
            selection_mode="multi",
            help=ABOUT["extras"],
            **_key("extras"),
        )
        loss = st.selectbox("Loss", LOSSES, help=ABOUT["loss"], **_key("loss"))
        initial = st.selectbox(
            "Initial weights", INITIALS, help=ABOUT["initial"], **_key("initial")
        )
    with st.expander("Training", expanded=True, icon=":material/fitness_center:"):
        training = _training()
    return Config(
        hidden=tuple(units for units, _ in layers),
        activations=tuple(name for _, name in layers),
        extras=tuple(name for name in EXTRAS if name in extras),
        loss=loss,
        initial=initial,
        **training,
    )


def follow(studio: Studio) -> None:
    """Set the controls to the settings of the run that is shown. To be called in a callback.

    Only those that say something else are touched: another may just have been moved. A slider that
    has no place for a value stands at the nearest, and the run keeps the value until it is moved.
    """
    shown, asked = studio.settings, studio.asked
    if shown is None or shown == asked:
        return
    (config, seed), (old, old_seed) = shown, asked or (None, None)
    said = {**_said(config), "seed": min(seed, SEEDS)}
    before = {} if old is None else {**_said(old), "seed": old_seed}
    for key, value in said.items():
        if key not in before or before[key] != value:
            st.session_state[key] = value
    nearest = {name: said[name] for name in SLIDERS}
    studio.agree(replace(config, **nearest), said["seed"])


def _said(config: Config) -> dict[str, Any]:
    """What the controls say of `config`, by their keys."""
    layers = enumerate(zip(config.hidden, config.activations, strict=True), start=1)
    return {
        "layers": len(config.hidden),
        **{key: value for k, pair in layers for key, value in _of_layer(k, *pair)},
        "extras": [*config.extras],
        **{name: getattr(config, name) for name in ("loss", "initial", "optimiser", "shuffle")},
        **{name: _nearest(getattr(config, name), options) for name, options in SLIDERS.items()},
    }


def _of_layer(k: int, units: int, activation: str) -> tuple[tuple[str, Any], ...]:
    return (f"units_{k}", units), (f"f_{k}", activation)


def _nearest(value: float, options: tuple[Any, ...]) -> Any:
    return min(options, key=lambda option: (abs(option - value), option))


def _key(name: str) -> dict[str, Any]:
    return {"key": name, "bind": "query-params"}


def _layer(k: int) -> tuple[int, str]:
    """Units and activation of hidden layer k, from 0."""
    left, right = st.columns(2)
    with left:
        units = choose.whole(f"Units {k + 1}", 1, 64, key=f"units_{k + 1}", default=UNITS[k])
    return units, right.selectbox(f"Activation {k + 1}", list(ACTIVATIONS), **_key(f"f_{k + 1}"))


def _training() -> dict[str, Any]:
    at = OPTIMISERS.index("momentum")
    help = ABOUT["optimiser"]
    optimiser = st.selectbox("Optimiser", OPTIMISERS, at, help=help, **_key("optimiser"))
    return {
        "optimiser": optimiser,
        "rate": _slide("Learning rate", 0.01, "rate"),
        "momentum": _slide("Momentum", 0.1, "momentum"),
        "batch": _slide("Batch, examples a step", 10, "batch"),
        "shuffle": st.toggle("Shuffle every epoch", help=ABOUT["shuffle"], **_key("shuffle")),
        "l1": _slide("L1", 0.0, "l1"),
        "l2": _slide("L2", 1e-4, "l2"),
        "dropout": _slide("Dropout", 0.0, "dropout"),
        "input_noise": _slide("Input noise", 0.0, "input_noise"),
        "gradient_noise": _slide("Gradient noise", 0.0, "gradient_noise"),
    }


def _slide(label: str, default: Any, key: str) -> Any:
    return choose.slide(label, SLIDERS[key], default, key=key, help=ABOUT[key])
