"""The 2-D classifier's engines beside ConvNetJS and plain torch, one redraw, and how many seeds make it.

    python -m tests.bench.bench_classifier_2d

Wanted: the compiled engine at least 4x ConvNetJS in node; 256 nets at once at least 1.5x the single
net on two cores, and 20x on a GPU; a redraw of at most 1 ms; circle 15 of 15 seeds at 100 %, spiral
20-20-2 15 of 15 at 97 % or more. Contestants take turns, the best of ROUNDS counts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

import numpy as np
import torch

from core.datasets.points import PRESETS, extent
from core.nets import compiled, population, redraw, train
from core.nets.batched import Crowd
from core.nets.network import Config
from core.nets.state import State, begin
from core.rng import stream
from tests.oracles import mlp

ROUNDS, SEEDS, NETS = 5, 15, (1, 64, 256, 1024)
CIRCLE = PRESETS["circle"].draw(100, generator=stream(0, "circle"))


def started(config: Config, seed: int = 0) -> State:
    return begin(CIRCLE, config, generator=stream(seed, "bench"))


def best(work: Callable[[], int]) -> float:
    """Examples a second of `work`, which says how many it saw."""
    work()
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        seen = work()
        rates.append(seen / (time.perf_counter() - began))
    return max(rates)


def time_compiled() -> int:
    compiled.advance(started(Config()), CIRCLE, Config(), 100_000)
    return 1_000_000


def time_torch_eager() -> int:
    mlp.train(started(Config()).params, CIRCLE, Config(), 1_000)
    return 10_000


def convnetjs() -> float | str:
    """Examples a second, or why not."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "skipped: no node and npm here"
    with tempfile.TemporaryDirectory() as folder:
        fetch = [npm, "install", "--silent", "--prefix", folder, "convnetjs@0.3.0"]
        try:
            subprocess.run(fetch, check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError):
            return "skipped: npm could not fetch convnetjs 0.3.0"
        rows = json.dumps(np.column_stack([CIRCLE.x, CIRCLE.y]).tolist())
        script = str(__file__).replace("bench_classifier_2d.py", "classify2d.js")
        command = [node, script, folder, str(ROUNDS), "1000000"]
        done = subprocess.run(command, input=rows, capture_output=True, text=True, check=True)
        return max(map(float, done.stdout.split()))


def time_crowd(nets: int, device: torch.device, updates: int) -> int:
    """The learner of many seeds as it is, with one look at the end."""
    net = Config(examples=updates * 10, steps=1)
    config = population.Config(nets=nets, net=net)
    for _ in population.learn(CIRCLE, config, generator=stream(0, "crowd"), device=device):
        pass
    return nets * updates * 10


def time_batched(nets: int, updates: int) -> int:
    """The same by products of matrices, for comparison."""
    config = Config()
    states = [started(config, seed) for seed in range(nets)]
    Crowd(states, CIRCLE, config, device=torch.device("cpu")).advance(updates)
    return nets * updates * 10


def time_redraw(window: tuple[float, ...]) -> float:
    """ms of one redraw: probabilities, the warp with its points, all unit maps."""
    params = started(Config()).params
    times = []
    for _ in range(400):
        began = time.perf_counter()
        redraw.probabilities(params, Config(), window)
        redraw.maps(params, Config(), window)
        redraw.film(params, Config(), CIRCLE.x, window, 4.0)
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times))


def track_seeds(name: str, config: Config, goal: float) -> str:
    """How many of SEEDS reach the training accuracy `goal`, each on points of its own seed."""
    reached, worst = 0, 1.0
    for seed in range(SEEDS):
        points = PRESETS[name].draw(PRESETS[name].n, generator=stream(seed, "points", name))
        top = 0.0
        for step in train.learn(points, config, generator=stream(seed, "net")):
            top = max(top, step.train_accuracy)
            if top >= goal:
                break
        reached += top >= goal
        worst = min(worst, top)
    return f"{reached} of {SEEDS}, worst {worst:.1%}"


def main() -> None:
    compiled.warm()
    single = best(time_compiled)
    peer, eager = convnetjs(), best(time_torch_eager)
    print(f"{'default work, batch 10':<40}{'examples/s':>14}{'compiled is':>14}")
    print(f"{'compiled':<40}{single:>14,.0f}")
    if isinstance(peer, str):
        print(f"{'ConvNetJS in node':<40}{peer:>28}")
    else:
        print(f"{'ConvNetJS in node':<40}{peer:>14,.0f}{single / peer:>13.1f}x   wanted >= 4x")
    print(f"{'torch eager':<40}{eager:>14,.0f}{single / eager:>13.1f}x")

    cpu = torch.device("cpu")
    print(f"\n{'many nets at once, summed':<40}{'examples/s':>14}{'of one net':>14}")
    for nets in NETS:
        updates = max(2_000, 400_000 // nets)
        rate = best(lambda n=nets, u=updates: time_crowd(n, cpu, u))
        print(f"{f'{nets} nets, CPU':<40}{rate:>14,.0f}{rate / single:>13.2f}x")
    rate = best(lambda: time_batched(256, 200))
    print(f"{'256 nets, CPU, products of matrices':<40}{rate:>14,.0f}{rate / single:>13.2f}x")
    if torch.cuda.is_available():
        rate = best(lambda: time_crowd(1024, torch.device("cuda"), 5_000))
        print(f"{'1024 nets, GPU':<40}{rate:>14,.0f}{rate / single:>13.2f}x   wanted >= 20x")
    else:
        print("GPU: skipped, none here")
    print("wanted: 256 nets >= 1.50x")

    print(f"\nredraw of the default net: {time_redraw(extent(CIRCLE)):.2f} ms   wanted <= 1 ms")
    print("circle, default net, 100 %:", track_seeds("circle", Config(examples=1_000_000), 1.0))
    deep = Config(hidden=(20, 20), activations=("tanh",) * 2, examples=600_000)
    print("spiral, 20-20-2, 97 %:", track_seeds("spiral", deep, 0.97))


if __name__ == "__main__":
    main()
