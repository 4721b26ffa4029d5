"""Many networks of one shape learn at once: one product a layer for all of them, on any device.

The equations are those of `compiled`, see there and in `network`; torch.optim for the optimisers.

    N nets, B examples an update, U updates a block, d_l units in layer l, K classes
    a^(l) : (N, d_l + 1, B)        one example a column, its last row is 1
    V^(l) : (N, d_l+1, d_l + 1)    = [W^(l) b^(l)], so that z^(l+1) = V^(l) a^(l)
    delta^(l) : (N, d_l, B)        dL/dz^(l)        G^(l) = dL/dV^(l)
    theta : (N P,)                 all V of layer 1, all V of layer 2, ...; V^(l) are views into it

Layer after layer, not net after net: the operand of every product then lies in one piece, and to
an optimiser theta is just a row of numbers. In float64, but MPS knows only float32.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor

from core.errors import require
from core.nets import network, noise
from core.nets.network import LEAK, Array, Config, Points
from core.nets.state import State, check

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "leaky relu": lambda z: torch.where(z > 0, z, LEAK * z),
    "sin": torch.sin,
    "linear": lambda z: z,
}
# f'(z), from z and a = f(z), whichever is cheaper
SLOPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "tanh": lambda z, a: 1 - a * a,
    "sigmoid": lambda z, a: a * (1 - a),
    "relu": lambda z, a: (a > 0).to(a.dtype),
    # where() of two plain numbers would be float32, and LEAK off by 2e-8
    "leaky relu": lambda z, a: torch.full_like(a, LEAK).masked_fill_(a > 0, 1),
    "sin": lambda z, a: torch.cos(z),
}
EXTRAS: dict[str, Callable[[Tensor], Tensor]] = {
    "x1^2": lambda x: x[0] * x[0],
    "x2^2": lambda x: x[1] * x[1],
    "x1 x2": lambda x: x[0] * x[1],
    "sin x1": lambda x: torch.sin(x[0]),
    "sin x2": lambda x: torch.sin(x[1]),
}
BLOCK = 1 << 18  # examples whose inputs are laid out at a time
RECORDED = 20  # updates from which recording a CUDA graph pays
_RECORDING = Lock()  # one graph at a time


def advance(
    states: Sequence[State],
    points: Points,
    config: Config,
    updates: int,
    *,
    device: torch.device,
) -> list[State]:
    """`states` after so many `updates` more, of each its own; those that broke stay as they are.

    Equals `compiled.advance` on each to rounding where there is no dropout and no noise. With
    them it agrees in distribution, and depends on how the updates are cut into calls.
    Raises SettingError unless the states stand at the same place of an equally long epoch, or
    where `points` cannot be learned from; ValueError where a state is of another net or of other
    points (see `state.adapted`).
    """
    going = [state for state in states if state.finite]
    if not going or updates < 1:
        return list(states)
    crowd = Crowd(going, points, config, device=device)
    crowd.advance(updates)
    moved = iter(crowd.states())
    return [next(moved) if state.finite else state for state in states]


class Crowd:
    """Networks that learn together and stay on their device between calls of `advance`."""

    def __init__(
        self, states: Sequence[State], points: Points, config: Config, *, device: torch.device
    ) -> None:
        """`states` are all finite. Raises what `advance` does."""
        check(points, config)
        learned = ~points.held
        shape = (int(learned.sum()), network.count(config))
        if any((len(state.order), len(state.params)) != shape for state in states):
            raise ValueError("a state of another net or of other points")
        first = states[0]
        place = (len(first.order), first.cursor, first.ticks)
        for state in states:
            other = (len(state.order), state.cursor, state.ticks)
            wanted = "one place (points, cursor, ticks) for all"
            require(other == place, "networks", wanted=wanted, given=f"{other} and {place}")
        self.config, self.device, self.began = config, device, list(states)
        self.dtype = torch.float32 if device.type == "mps" else torch.float64
        self.taken = 0  # updates since `states`
        self.broken: dict[int, State] = {}  # as they were right after the update that broke them
        self.noisy = max(config.dropout, config.input_noise, config.gradient_noise) > 0

        self.random = np.stack([state.random for state in states])
        self.cursor = first.cursor
        self.order = np.stack([state.order for state in states])
        if not config.shuffle and (self.order == self.order[0]).all():
            self.order = self.order[:1].copy()  # all take the same examples
        self.generator = torch.Generator(device)
        if self.noisy:
            words = np.array([noise.word(random) for random in self.random], dtype=np.uint64)
            digest = hashlib.blake2b(words.tobytes(), digest_size=8).digest()
            self.generator.manual_seed(int.from_bytes(digest, "little") >> 1)

        n = self.nets = len(states)
        self.batch = min(config.batch, len(first.order))
        self.theta = self._packed(np.stack([state.params for state in states]))
        self.slots = [self._packed(np.stack([s.slots[i] for s in states])) for i in (0, 1)]
        self.gradient = torch.zeros_like(self.theta)
        self.V, self.G = _views(self.theta, n, config), _views(self.gradient, n, config)
        penalised = torch.zeros_like(self.theta)
        for view in _views(penalised, n, config):
            view[:, :, :-1] = 1  # W, not b
        self.l1, self.l2 = config.l1 * penalised, config.l2 * penalised
        # a^(1) is the examples themselves.
        self.a = [
            torch.ones(n, units + 1, self.batch, dtype=self.dtype, device=device)
            for units in config.hidden
        ]

        x = torch.tensor(points.x[learned].T, dtype=self.dtype, device=device)
        y = torch.tensor(points.y[learned], device=device)
        t = torch.nn.functional.one_hot(y, config.classes).T.to(self.dtype)
        # dL/do = (p - t) / B of the mean cross-entropy, 2 (o - t) / (K B) of the mean square
        squared = config.loss == "squared error"
        self.share = (2 / config.classes if squared else 1) / self.batch
        self.table = torch.cat([x, -self.share * t])  # what an example is: (2 + K, n)
        # Where `_update` finds the examples and the count of updates: a recorded one looks there.
        self.x = torch.ones(n, config.sizes[0] + 1, self.batch, dtype=x.dtype, device=device)
        self.t = torch.zeros(n, config.classes, self.batch, dtype=x.dtype, device=device)
        self.tick = torch.ones((), dtype=x.dtype, device=device)
        self.graph: torch.cuda.CUDAGraph | None = None

    def advance(self, updates: int) -> None:
        """Make so many `updates` more; a net whose numbers break is put aside in `broken`."""
        if self.device.type == "cuda" and not self.noisy and updates >= RECORDED:
            self._record()
        block = max(BLOCK // (self.nets * self.batch), 1)
        for at in range(0, updates, block):
            self._block(min(block, updates - at))

    def params(self) -> Tensor:
        """(N, P) of every net now, on the device; of broken ones as they were when they broke."""
        params = _rows(self.theta, self.nets, self.config)
        for i, state in self.broken.items():
            params[i] = torch.from_numpy(state.params).to(params)
        return params

    def states(self) -> list[State]:
        """Where every net stands now, on the host."""
        numbers = [_rows(flat, self.nets, self.config) for flat in (self.theta, *self.slots)]
        params, *slots = (array.cpu().double().numpy() for array in numbers)
        return [
            self.broken.get(i) or self._state(i, params[i], np.stack([slot[i] for slot in slots]))
            for i in range(self.nets)
        ]

    def _state(self, i: int, params: Array, slots: Array) -> State:
        began = self.began[i]
        return replace(
            began,
            params=params.astype(np.float64, copy=False),
            slots=slots.astype(np.float64, copy=False),
            ticks=began.ticks + self.taken,
            order=self.order[i % len(self.order)].copy(),
            cursor=self.cursor,
            random=self.random[i].copy(),
            updates=began.updates + self.taken,
            examples=began.examples + self.taken * self.batch,
        )

    def _block(self, updates: int) -> None:
        """So many updates, at most a block. What breaks seldom is looked for afterwards."""
        tensors = (self.theta, *self.slots)
        kept = [tensor.clone() for tensor in tensors]
        place = self.order.copy(), self.random.copy(), self.cursor, self.taken
        drawn = self.generator.get_state()
        self._run(updates)
        if not self._breaking():
            return
        # Once more, one at a time: a number that is not finite never becomes finite again.
        for tensor, before in zip(tensors, kept, strict=True):
            tensor.copy_(before)
        self.order, self.random, self.cursor, self.taken = place
        self.generator.set_state(drawn)
        for _ in range(updates):
            self._run(1)
            for i in self._breaking():
                rows = [
                    torch.cat([_flat(V[i]) for V in _views(flat, self.nets, self.config)])
                    for flat in tensors
                ]
                params, *slots = (row.cpu().double().numpy() for row in rows)
                self.broken[i] = replace(self._state(i, params, np.stack(slots)), finite=False)

    def _breaking(self) -> list[int]:
        """Nets that are not finite now, slots included, and are not put aside yet."""
        flats = (self.theta, *self.slots)
        views = [V for flat in flats for V in _views(flat, self.nets, self.config)]
        finite = torch.stack([V.isfinite().flatten(1).all(1) for V in views]).all(0)
        return [i for i in torch.nonzero(~finite)[:, 0].tolist() if i not in self.broken]

    def _run(self, updates: int) -> None:
        """So many updates, unwatched."""
        taken = np.empty((updates, len(self.order), self.batch), np.int64)
        self.cursor = _take(self.order, self.cursor, self.random, self.config.shuffle, taken)
        x, t = self._examples(torch.from_numpy(taken).to(self.device))
        for u in range(updates):
            self.taken += 1
            self.x.copy_(x[:, u].transpose(0, 1))
            self.t.copy_(t[:, u].transpose(0, 1))
            self.tick.fill_(self.began[0].ticks + self.taken)
            if self.graph is None:
                self._update()
            else:
                self.graph.replay()

    def _examples(self, taken: Tensor) -> tuple[Tensor, Tensor]:
        """a^(1) (d0 + 1, U, N, B) and -share t (K, U, N, B) of the examples `taken` (U, N, B).

        N is 1 where all nets see the same.
        """
        x, t = self.table[:, taken].split([2, self.config.classes])
        if self.config.input_noise:
            size = (2, len(taken), self.nets, self.batch)
            drawn = torch.randn(size, generator=self.generator, dtype=x.dtype, device=x.device)
            x = x + self.config.input_noise * drawn
        inputs = [x, *(EXTRAS[name](x)[None] for name in self.config.extras)]
        return torch.cat([*inputs, torch.ones_like(x[:1])]), t

    def _update(self) -> None:
        """One update of every net on the examples that lie in `x` and `t`, in place."""
        config, a, kept = self.config, self.x, []
        for V, room, name in zip(self.V, self.a, config.activations, strict=False):
            z = torch.bmm(V, a)  # z^(l+1) = W^(l) a^(l) + b^(l)
            f = ACTIVATIONS[name](z)  # a^(l+1) = f(z^(l+1))
            silence: Tensor | None = None
            if config.dropout:
                # a_i := a_i m_i / (1 - q), m_i = 1 with probability 1 - q
                silence = torch.empty_like(f).bernoulli_(
                    1 - config.dropout, generator=self.generator
                )
                silence /= 1 - config.dropout
            kept.append((a, z, f, silence))
            room[:, :-1] = f if silence is None else f * silence
            a = room
        o = torch.bmm(self.V[-1], a)
        # p_k = e^(o_k) / sum_j e^(o_j)
        p = torch.softmax(o, dim=1) if config.loss == "cross-entropy" else o
        delta = torch.add(self.t, p, alpha=self.share)  # dL/do
        torch.bmm(delta, a.transpose(1, 2), out=self.G[-1])  # dL/dV = delta a^T
        for l in range(len(self.a) - 1, -1, -1):  # noqa: E741  # the course's letter
            a, z, f, silence = kept[l]
            # delta^(l) = (W^T delta^(l+1)) f'(z)
            delta = torch.bmm(self.V[l + 1][:, :, :-1].transpose(1, 2), delta)
            if silence is not None:
                delta *= silence
            if config.activations[l] != "linear":
                delta *= SLOPES[config.activations[l]](z, f)
            torch.bmm(delta, a.transpose(1, 2), out=self.G[l])
        g = self.gradient
        if config.l1:
            g += self.l1 * torch.sign(self.theta)  # of l1 sum |w|
        if config.l2:
            g.addcmul_(self.l2, self.theta)  # of l2/2 sum w^2
        if config.gradient_noise:
            drawn = torch.randn(len(g), generator=self.generator, dtype=g.dtype, device=g.device)
            g.add_(drawn, alpha=config.gradient_noise)
        m, v = self.slots
        _OPTIMISERS[config.optimiser](self.theta, g, m, v, self.tick, config)

    def _record(self) -> None:
        """Have the GPU remember what one update launches: launching costs more than computing."""
        if self.graph is not None:
            return
        kept = [tensor.clone() for tensor in (self.theta, *self.slots)]
        with _RECORDING:
            aside = torch.cuda.Stream(self.device)
            aside.wait_stream(torch.cuda.current_stream(self.device))
            with torch.cuda.stream(aside):
                self._update()  # libraries set themselves up, which cannot be recorded
            torch.cuda.current_stream(self.device).wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                self._update()
        for tensor, before in zip((self.theta, *self.slots), kept, strict=True):
            tensor.copy_(before)
        self.graph = graph

    def _packed(self, rows: Array) -> Tensor:
        """theta (N P,) of params-like `rows` (N, P)."""
        flat = torch.empty(rows.size, dtype=self.dtype, device=self.device)
        at = 0
        for V in _views(flat, len(rows), self.config):
            out, size = V.shape[1], V[0].numel()
            part = torch.from_numpy(rows[:, at : at + size]).to(flat)
            V[:, :, :-1] = part[:, :-out].view(len(rows), out, -1)
            V[:, :, -1] = part[:, -out:]
            at += size
        return flat


def scores(params: Tensor, config: Config, x: Tensor) -> Tensor:
    """o (N, K, n) of nets `params` (N, P) at points `x` (2, n) that all of them see."""
    a = torch.cat([x, *(EXTRAS[name](x)[None] for name in config.extras)])
    a, at = a.expand(len(params), -1, -1), 0
    for layer, (i, o) in enumerate(zip(config.sizes, config.sizes[1:], strict=False)):
        W = params[:, at : at + o * i].view(-1, o, i)
        b = params[:, at + o * i : at + o * (i + 1), None]
        a = torch.baddbmm(b, W, a)  # z^(l+1) = W^(l) a^(l) + b^(l)
        if layer < len(config.activations):
            a = ACTIVATIONS[config.activations[layer]](a)
        at += o * (i + 1)
    return a


def _views(flat: Tensor, nets: int, config: Config) -> list[Tensor]:
    """V^(l) (N, d_l+1, d_l + 1) of every layer, views into `flat` (N P,)."""
    shapes = [(nets, o, i + 1) for i, o in zip(config.sizes, config.sizes[1:], strict=False)]
    parts = flat.split([math.prod(shape) for shape in shapes])
    return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]


def _rows(flat: Tensor, nets: int, config: Config) -> Tensor:
    """(N, P), the layout of `network`, of `flat` (N P,); a copy."""
    return torch.cat([_flat(V) for V in _views(flat, nets, config)], dim=-1)


def _flat(V: Tensor) -> Tensor:
    """[W b] (..., out, in + 1) as W row by row, then b."""
    return torch.cat([V[..., :-1].flatten(-2), V[..., -1]], dim=-1)


@njit(cache=True, nogil=True)
def _take(
    order: NDArray[np.int64],
    cursor: int,
    random: NDArray[np.uint64],
    shuffled: bool,
    taken: NDArray[np.int64],
) -> int:
    """Fill `taken` (U, N, B) with whose turn it is by `order` (N, n); the new cursor.

    `order` and `random` (N, 4) move on, as they do in `compiled`.
    """
    updates, nets, batch = taken.shape
    n = order.shape[1]
    at = cursor
    for i in range(nets):
        at = cursor
        for u in range(updates):
            for k in range(batch):
                if at == n:
                    for j in range(n):
                        order[i, j] = j
                    if shuffled:
                        noise.shuffle(order[i], random[i])
                    at = 0
                taken[u, i, k] = order[i, at]
                at += 1
    return at


# One step of theta by its gradient g; m and v are what the optimiser remembers, t its updates.


def _sgd(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    theta.add_(g, alpha=-config.rate)  # theta := theta - rate g


def _momentum(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    torch.add(g, m, alpha=config.momentum, out=m)  # m := momentum m + g
    theta.add_(m, alpha=-config.rate)


def _nesterov(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    torch.add(g, m, alpha=config.momentum, out=m)
    theta.add_(torch.add(g, m, alpha=config.momentum), alpha=-config.rate)


def _adagrad(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    m.addcmul_(g, g)  # m := m + g^2
    theta.addcdiv_(g, m.sqrt().add_(1e-10), value=-config.rate)


def _adadelta(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    m.mul_(0.9).addcmul_(g, g, value=0.1)
    step = v.add(1e-6).sqrt_().div_(m.add(1e-6).sqrt_()).mul_(g)
    v.mul_(0.9).addcmul_(step, step, value=0.1)
    theta.add_(step, alpha=-config.rate)


def _rmsprop(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    m.mul_(0.99).addcmul_(g, g, value=0.01)
    theta.addcdiv_(g, m.sqrt().add_(1e-8), value=-config.rate)


def _adam(theta: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, config: Config) -> None:
    m.mul_(0.9).add_(g, alpha=0.1)
    v.mul_(0.999).addcmul_(g, g, value=0.001)
    # theta := theta - rate (m / (1 - .9^t)) / (sqrt(v / (1 - .999^t)) + eps)
    spread = v.sqrt().div_((1 - 0.999**t).sqrt()).add_(1e-8)
    theta.sub_(m.div(1 - 0.9**t).div_(spread), alpha=config.rate)


_OPTIMISERS = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "adadelta": _adadelta,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
