"""The nets that come with Vitrine, and how each was trained.

    python -m core.sequence.defaults              trains all that are missing, prints their metrics
    python -m core.sequence.defaults counter      trains these again

They lie in assets/models. The same command on the same versions gives the same numbers; the language
model also depends on the version of Python, whose own library it reads.
"""

from __future__ import annotations

import math
import shutil
import sys
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from core.datasets import stdlib
from core.device import one_thread
from core.errors import require
from core.rng import stream
from core.sequence import model, tasks, train
from core.sequence.model import Config
from core.sequence.saved import Saved
from core.sequence.tasks import Sequences
from core.sequence.vocabulary import Vocabulary
from core.store import Key, Store, entry, fingerprint
from core.store.store import DEFAULTS

LEARNER = "recurrent_net"
LINES, EXAMPLES = 2, 4000  # texts a row, rows
PRINTABLE = Vocabulary("\ufffd" + "".join(sorted({*map(chr, range(32, 127)), "\n", "\t"})))


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`task` is one of tasks.TASKS, or None for Python's library."""

    title: str
    task: str | None
    config: Config
    seed: int = 0

    @property
    def vocabulary(self) -> Vocabulary:
        return PRINTABLE if self.task is None else tasks.alphabet(tasks.TASKS[self.task])

    @property
    def key(self) -> Key:
        data = fingerprint(f"task {self.task}" if self.task else "source of Python's library")
        return Key(
            learner=LEARNER, version=train.VERSION, config=self.config, data=data, seed=self.seed
        )

    def data(self) -> Sequences:
        """What it learns from."""
        if self.task is None:
            return tasks.from_text(stdlib.source(), rows=64, held=0.02, known=PRINTABLE)
        return drawn(self.task, self.seed)


def drawn(task: str, seed: int) -> Sequences:
    """What a net learns a language from: rows of several texts, so that it also learns to forget."""
    return tasks.drawn(task, generator=stream(seed, "data"), lines=LINES, examples=EXAMPLES)


def _of(task: str, suffix: str = "", seed: int = 0, **changed: Any) -> Recipe:
    config = Config(**({"updates": 4000, "steps": 80, "enough": 10, "anneal": True} | changed))
    return Recipe(title=tasks.TASKS[task].title + suffix, task=task, config=config, seed=seed)


RECIPES = {
    # all seeds learn the first two; with these the unit is easiest to see
    "counter": _of("counter", seed=8),
    "memoriser": _of("memoriser", seed=3),
    "selective": _of("selective", seed=4, units=20),
    "copy": _of("copy", units=32, layers=2, rate=0.005),
    "adding": _of("adding", units=32, updates=15_000, rate=0.005),
    "parity": _of("parity", units=16, updates=8000, rate=0.005, anneal=False),
    "counter_gru": _of("counter", ", GRU", cell="gru"),
    "counter_srn": _of("counter", ", simple recurrent", cell="srn"),
    "memoriser_gru": _of("memoriser", ", GRU", cell="gru"),
    "memoriser_srn": _of("memoriser", ", simple recurrent", cell="srn"),
    "memoriser_peepholes": _of("memoriser", ", with peepholes", peepholes=True),
    "python": Recipe(
        title="Python source",
        task=None,
        config=Config(
            units=256, batch=64, truncate=100, updates=3200, steps=16, rate=0.004, anneal=True
        ),
    ),
}


@cache
def load(name: str) -> Saved:
    """One of RECIPES, from assets/models; trained here and now where that was removed.

    Raises SettingError for any other name.
    """
    require(name in RECIPES, "model", wanted=", ".join(RECIPES), given=name)
    recipe = RECIPES[name]
    found = Store().obtain(recipe.key, lambda: _trained(recipe))
    arrays = {key: tensor.numpy() for key, tensor in found.weights.items()}
    params = model.joined(arrays, recipe.config, len(recipe.vocabulary))
    about = {**found.metrics, "seed": recipe.seed}
    return Saved(recipe.title, recipe.config, recipe.vocabulary, params, recipe.task, about)


def _trained(recipe: Recipe) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    began = time.perf_counter()
    # as in a job of the dashboard; on one thread, so that any number of cores gives the same
    generator = stream(recipe.seed, train.__name__)
    with one_thread():
        *_, last = train.learn(recipe.data(), recipe.config, generator=generator)
    arrays = model.named(last.params, recipe.config, len(recipe.vocabulary))
    metrics = {
        "bits": last.held_loss / math.log(2),
        "accuracy": last.held_accuracy,
        "texts": last.held_texts,
        "updates": last.updates,
        "characters": last.characters,
        "seconds": round(time.perf_counter() - began, 1),
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}, metrics


def main(names: list[str]) -> None:
    """Train into assets/models: the named ones, or those that are not there."""
    for name in names or list(RECIPES):
        recipe = RECIPES[name]
        folder = DEFAULTS / recipe.key.name
        if names:
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.is_dir():
            entry.write(folder, recipe.key, *_trained(recipe))
        found = entry.read(folder, recipe.key)
        told = found.metrics if found else {}
        values = ", ".join(f"{key} {value:.4g}" for key, value in told.items())
        sys.stdout.write(f"{name}: {values}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
