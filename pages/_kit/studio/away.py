"""The net and its points to take home, as they are when the button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from core.datasets.points import to_csv
from core.nets import export
from core.nets.studio import Moment, Studio
from core.weights import to_safetensors
from pages._kit import take

LABELS = {"py": "PyTorch, runnable", "safetensors": "Weights, safetensors", "csv": "Points, CSV"}


def home(studio: Studio) -> None:
    """A row of buttons."""
    makers: dict[str, Callable[[Moment], bytes | str]] = {
        "classifier.py": _script,
        "classifier.safetensors": _tensors,
        "points.csv": _table,
    }
    files = {name: partial(_now, studio, make) for name, make in makers.items()}
    take.home(files, labels=LABELS)


def _now(studio: Studio, make: Callable[[Moment], bytes | str]) -> bytes | str:
    moment = studio.moment()
    return make(moment) if moment else b""


def _script(moment: Moment) -> str:
    seed, examples = moment.seed, moment.state.examples
    net, data = (moment.state.params, moment.config), (moment.points, moment.measure)
    return export.to_python(*net, *data, seed=seed, examples=examples)


def _tensors(moment: Moment) -> bytes:
    about = asdict(moment.config) | {"seed": moment.seed, "examples": moment.state.examples}
    return to_safetensors(export.to_tensors(moment.state.params, moment.config), about)


def _table(moment: Moment) -> str:
    return to_csv(moment.points, moment.names)
