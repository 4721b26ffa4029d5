"""Recurrent nets: gates of a whole text, language-model training, reservoirs, tasks and their units.

    python -m tests.bench.bench_sequence

Contestants take turns in one process, the best of ROUNDS counts. Ratios are of time, less is better,
but where a line says otherwise. One thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

from core.rng import stream
from core.sequence import (
    compiled,
    defaults,
    familiar,
    memory,
    model,
    recomputed,
    reservoir,
    tasks,
    trace,
    train,
    units,
)
from core.sequence.model import Config, Net
from core.sequence.saved import Saved

ROUNDS, SEEDS = 7, 10
TEXT, UNITS, CHARACTERS = 10_000, 256, 64
RANDOM = np.random.default_rng(0)


def best(*contestants: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The shortest time of each, in seconds, when they take turns."""
    times = [[] for _ in contestants]
    for _ in range(rounds + 1):
        for own, work in zip(times, contestants, strict=True):
            began = time.perf_counter()
            work()
            own.append(time.perf_counter() - began)
    return [min(own[1:]) for own in times]


def told(name: str, wanted: str, measured: str) -> None:
    print(f"{name:<62}wanted {wanted:<12}measured {measured}", flush=True)


def time_trace() -> None:
    """All gates and states of 10,000 characters, 256 units, one thread."""
    torch.set_num_threads(1)
    config = Config(units=UNITS)
    net = Net(config, CHARACTERS).load(model.start(config, CHARACTERS, generator=stream(0)))
    stack = net.stack()
    codes = RANDOM.integers(0, CHARACTERS, TEXT)
    x = torch.nn.functional.one_hot(torch.tensor(codes), CHARACTERS).float()

    @torch.no_grad()
    def h_alone() -> torch.Tensor:
        return net.rnn(x[None])[0][0]

    def all_gates() -> list[list[trace.Traced]]:
        return trace.trace(stack, codes)

    def h_then_gates() -> object:
        return recomputed.lstm(net.rnn, x)

    h, gates, after = best(h_alone, all_gates, h_then_gates)
    told("every gate and state / nn.LSTM h alone", "<= 1.60", f"{gates / h:.2f}")
    told("  characters a second", "", f"{TEXT / gates:,.0f}, h alone {TEXT / h:,.0f}")
    told("  nn.LSTM, then gates by products and a scan / h alone", "", f"{after / h:.2f}")
    error = np.abs(all_gates()[0][0].hidden - h_alone().numpy()).max()
    told("  largest difference of h", "<= 1e-5", f"{error:.1e}")
    for cell in ("gru", "srn"):
        other = Config(units=UNITS, cell=cell)
        peer = Net(other, CHARACTERS).load(model.start(other, CHARACTERS, generator=stream(0)))
        ready = peer.stack()
        with torch.no_grad():
            a, b = best(lambda p=peer: p.rnn(x[None]), lambda r=ready: trace.trace(r, codes))
        told(f"  {cell}: every state / torch h alone", "", f"{b / a:.2f}")
    target = (np.arange(TEXT) % 7 < 3).astype(float)
    layers = all_gates()
    (ranking,) = best(lambda: units.rank(layers, target), rounds=2)
    told("  ranking all 256 units for a pattern", "", f"{1000 * ranking:.0f} ms")


def time_language_model() -> None:
    """Tokens a second beside the shortest loop one would write in torch; one thread."""
    torch.set_num_threads(1)
    rows, length, units_, updates = 32, 100, 128, 8
    letters = "".join(chr(97 + k % 60) for k in RANDOM.integers(0, 60, rows * length * 9))
    data = tasks.from_text(letters, rows=rows, held=0.01)
    V = len(data.vocabulary)
    config = Config(units=units_, batch=rows, truncate=length, updates=updates, steps=1, rate=0.002)

    def ours() -> float:
        """Seconds from the first Step to the last, judging 290 held characters included."""
        steps = train.learn(data, config, generator=stream(0))
        next(steps)
        began = time.perf_counter()
        next(steps)
        return time.perf_counter() - began

    def bare() -> float:
        lstm = torch.nn.LSTM(V, units_, batch_first=True)
        readout = torch.nn.Linear(units_, V)
        parameters = [*lstm.parameters(), *readout.parameters()]
        adam = torch.optim.Adam(parameters, lr=0.002)
        state = None
        began = time.perf_counter()
        for k in range(updates):
            x, y = data.x[:, k * length :][:, :length], data.y[:, k * length :][:, :length]
            b, state = lstm(torch.nn.functional.one_hot(x, V).float(), state)
            loss = torch.nn.functional.cross_entropy(readout(b).flatten(0, 1), y.flatten())
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            adam.step()
            state = tuple(one.detach() for one in state)
        return time.perf_counter() - began

    pairs = [(ours(), bare()) for _ in range(ROUNDS + 1)][1:]
    mine, peer = (min(side) for side in zip(*pairs, strict=True))
    tokens = rows * length * updates
    told(
        "language model, tokens a second / bare nn.LSTM loop (more)",
        ">= 0.90",
        f"{peer / mine:.2f}",
    )
    told("  tokens a second", "", f"{tokens / mine:,.0f}, bare {tokens / peer:,.0f}")


def time_reservoir() -> None:
    """1,000 units over 10,000 steps beside a loop in numpy."""
    torch.set_num_threads(1)
    given = {"density": 0.02, "radius": 0.9, "leak": 0.5, "scale": 0.5, "bias": 0.1}
    net = reservoir.drawn(1, units=1000, generator=stream(0), **given)
    u = RANDOM.uniform(-1, 1, (10_000, 1))
    dense, sparse = net.matrix().toarray(), net.matrix()

    def loop(W: object, steps: int) -> None:
        x, found = np.zeros(1000), np.empty((steps, 1000))
        for t in range(steps):
            x = 0.5 * x + 0.5 * np.tanh(net.W_in @ u[t] + W @ x + net.b)
            found[t] = x

    ours, by_dense, by_sparse = best(
        lambda: reservoir.run(net, u),
        lambda: loop(dense, 1000),
        lambda: loop(sparse, 10_000),
        rounds=3,
    )
    told("reservoir: numpy loop / ours (more)", ">= 5", f"{10 * by_dense / ours:.1f}")
    told("  loop with scipy's sparse matrix / ours (more)", "", f"{by_sparse / ours:.1f}")
    found = memory.of(
        reservoir.drawn(1, units=100, generator=stream(1), **{**given, "leak": 1.0, "scale": 0.1}),
        generator=stream(2),
    )
    told("  memory capacity of 100 units", "<= 100", f"{found.total:.1f}")


def track_tasks() -> None:
    """How many seeds learn a language to the last held-out text, how fast, and find its unit.

    As "Train live" of the LSTM explorer does it, on one thread.
    """
    torch.set_num_threads(1)
    for name in ("counter", "memoriser"):
        seconds, found, learned = [], 0, 0
        for seed in range(SEEDS):
            data = defaults.drawn(name, seed)
            config = Config(updates=4000, steps=80, enough=10, anneal=True)
            began = time.perf_counter()
            *_, step = train.learn(data, config, generator=stream(seed, train.__name__))
            seconds.append(time.perf_counter() - began)
            learned += step.held_texts == 1
            net = Saved(name, config, data.vocabulary, step.params, name)
            best_unit = familiar.found(net)[0]
            score = abs(getattr(best_unit, familiar.wanted(net).by))
            print(f"    unit {best_unit.where.unit}: {familiar.wanted(net).by} {score:.3f}")
            found += score > 0.9
        told(f"{name}: seeds at 100 % of held-out lengths", f"{SEEDS} of {SEEDS}", f"{learned}")
        told("  slowest of them", "< 60 s", f"{max(seconds):.1f} s")
        told("  seeds that find the unit", f"{SEEDS} of {SEEDS}", f"{found}")


def main() -> None:
    compiled.warm()
    reservoir.warm()
    time_trace()
    time_language_model()
    time_reservoir()
    track_tasks()


if __name__ == "__main__":
    main()
