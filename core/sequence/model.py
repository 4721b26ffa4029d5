"""A net that reads characters one by one: embedding or one-hot, layers of cells, softmax readout.

    codes : (n, T) int64  characters        o : (n, T, K)  scores of what comes, p = softmax(o)
    V     : (K, ways * H), bias (K,)        readout of the top layer
    w     : (layers, ways, 3, H)            peepholes; without them torch's own layers do the work

All numbers of a net lie one after another in one flat float32 tensor `params` (P,): `named` takes it
apart. A net in two directions reads what it is asked to tell where the task is the next character:
give it tasks that ask for something else, such as `tasks.recall`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import embedding, linear, one_hot
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.errors import require
from core.sequence import cells, trace
from core.sequence.cells import SIGNALS, Weights
from core.sequence.reader import Reader

KINDS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "srn": torch.nn.RNN}
OPTIMISERS = ("adam", "rmsprop", "sgd")
State = tuple[Tensor, ...]  # (layers, n, H) each: of an LSTM b and s, else h


@dataclass(frozen=True, kw_only=True)
class Config:
    """The net and how it is trained."""

    cell: str = "lstm"
    units: int = 10  # of each layer and direction
    layers: int = 1
    bidirectional: bool = False
    peepholes: bool = False  # an LSTM's; slower to train, as torch has none
    embedding: int = 0  # numbers a character becomes; 0: one-hot
    forget_bias: float = 1.0  # added to the forget gate's bias at the start, so that it is open

    optimiser: str = "adam"
    rate: float = 0.01
    momentum: float = 0.0  # of sgd
    anneal: bool = False  # the rate falls along half a cosine, at last to a twentieth
    clip: float = 1.0  # longest gradient; 0: as it comes
    batch: int = 64  # rows an update
    truncate: int = 100  # characters that gradients go back
    updates: int = 1000
    steps: int = 50  # how many Steps `learn` tells of them, after the first
    enough: int = 0  # ends after so many Steps in a row with all held texts right; 0: never

    def __post_init__(self) -> None:
        for name, value, options in (
            ("cell", self.cell, tuple(SIGNALS)),
            ("optimiser", self.optimiser, OPTIMISERS),
        ):
            require(value in options, name, wanted=f"one of {', '.join(options)}", given=value)
        for name, number, least, most in (
            ("units", self.units, 1, 1024),
            ("layers", self.layers, 1, 8),
            ("embedding", self.embedding, 0, 1024),
            ("batch", self.batch, 1, 65536),
            ("truncation length", self.truncate, 1, 10_000),
            ("updates", self.updates, 1, 10**7),
            ("steps", self.steps, 1, 10**5),
            ("enough", self.enough, 0, 10**5),
        ):
            fit = isinstance(number, int) and not isinstance(number, bool)
            fit = fit and least <= number <= most
            require(fit, name, wanted=f"{least} to {most}", given=number)
        for name, share, top in (
            ("learning rate", self.rate, 1e3),
            ("momentum", self.momentum, 1.0),
            ("clipping", self.clip, 1e6),
        ):
            require(0 <= share <= top, name, wanted=f"0 to {top:g}", given=share)
        require(
            math.isfinite(self.forget_bias), "forget bias", wanted="a number", given=self.forget_bias
        )  # fmt: skip
        lstm = self.cell == "lstm" or not self.peepholes
        require(lstm, "peepholes", wanted="an LSTM", given=self.cell)

    @property
    def ways(self) -> int:
        return 2 if self.bidirectional else 1


class Net(torch.nn.Module):
    """A Config's net for so many characters; its numbers are not set before `load`."""

    def __init__(self, config: Config, characters: int) -> None:
        super().__init__()
        self.config, self.characters = config, characters
        H, ways = config.units, config.ways
        # made on no device, so that torch's own initial values are not drawn
        self.embedding = _parameter(characters, config.embedding) if config.embedding else None
        self.rnn = KINDS[config.cell](
            config.embedding or characters,
            H,
            config.layers,
            batch_first=True,
            bidirectional=config.bidirectional,
            device="meta",
        )
        self.w = _parameter(config.layers, ways, 3, H) if config.peepholes else None
        self.V, self.bias = _parameter(characters, ways * H), _parameter(characters)
        self.to_empty(device="cpu")

    def load(self, params: Tensor) -> Net:
        """This net, its numbers taken from `params` (P,). Raises SettingError for other shapes."""
        P = sum(p.numel() for p in self.parameters())
        require(params.shape == (P,), "weights", wanted=f"{P} numbers", given=tuple(params.shape))
        with torch.no_grad():
            for own, part in zip(
                self.parameters(), params.split([p.numel() for p in self.parameters()]), strict=True
            ):
                own.copy_(part.view_as(own))
        return self

    def flat(self) -> Tensor:
        """params (P,) on the CPU, a copy."""
        return torch.cat([p.detach().reshape(-1) for p in self.parameters()]).cpu().clone()

    def forward(
        self, codes: Tensor, state: State | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, State | None]:
        """Scores o (n, T, K), and the state after the last character of a net in one direction.

        `lengths` (n,) on the CPU of rows that end before T: a backward direction starts there.
        """
        x = self.enter(codes)
        if self.w is not None:
            b, state = self._with_peepholes(x, state, lengths)
        elif lengths is not None and self.config.bidirectional:
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            b = pad_packed_sequence(self.rnn(packed)[0], True, total_length=codes.shape[1])[0]
            state = None
        else:
            given = state if state is None or self.config.cell == "lstm" else state[0]
            b, after = self.rnn(x, given)
            state = after if self.config.cell == "lstm" else (after,)
            state = None if self.config.bidirectional else state
        return linear(b, self.V, self.bias), state

    def enter(self, codes: Tensor) -> Tensor:
        """What the first layer is given for `codes` (n, T)."""
        if self.embedding is not None:
            return embedding(codes, self.embedding)
        return one_hot(codes, self.characters).to(self.V.dtype)

    def weights(self) -> list[list[Weights]]:
        """Of every layer, one a direction."""
        found = []
        for depth in range(self.config.layers):
            layer = []
            for way in range(self.config.ways):
                suffix = f"l{depth}" + "_reverse" * way
                parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                W, U, b, c = (getattr(self.rnn, f"{part}_{suffix}") for part in parts)
                H = self.config.units
                w = U.new_zeros(3, H) if self.w is None else self.w[depth, way]
                layer.append(Weights(W, U, b, c, w))
            found.append(layer)
        return found

    def stack(self) -> trace.Stack:
        """Ready for `trace.trace`."""
        table = np.eye(self.characters) if self.embedding is None else _array(self.embedding)
        return trace.ready(self.config.cell, self.weights(), table)

    def reader(self) -> Reader:
        """Ready to be asked what comes next."""
        return Reader(self.stack(), _array(self.V), _array(self.bias))

    def _with_peepholes(
        self, x: Tensor, state: State | None, lengths: Tensor | None
    ) -> tuple[Tensor, State | None]:
        n, T, _ = x.shape
        ends = torch.full((n,), T) if lengths is None else lengths
        # where each row is read backwards: from its own end on; what lies behind stays there
        steps = torch.arange(T)
        turned = torch.where(steps < ends[:, None], ends[:, None] - 1 - steps, steps).to(x.device)
        last_b, last_s = [], []
        for depth, directions in enumerate(self.weights()):
            found = []
            for way, weights in enumerate(directions):
                zero = x.new_zeros(n, self.config.units)
                b, s = (zero, zero) if state is None else (state[0][depth], state[1][depth])
                told = []
                for row in (_take(x, turned) if way else x).unbind(dim=1):
                    step = cells.lstm(row, b, s, weights)
                    b, s = step.b, step.s
                    told.append(b)
                hidden = torch.stack(told, dim=1)
                found.append(_take(hidden, turned) if way else hidden)
            last_b.append(b)
            last_s.append(s)
            x = torch.cat(found, dim=2)
        one_way = not self.config.bidirectional
        return x, (torch.stack(last_b), torch.stack(last_s)) if one_way else None


def start(config: Config, characters: int, *, generator: torch.Generator) -> Tensor:
    """Fresh params (P,): uniform within +-1/sqrt(H), an embedding N(0, 1), all from a CPU generator."""
    net = Net(config, characters)
    bound = config.units**-0.5
    with torch.no_grad():
        for name, own in net.named_parameters():
            if name == "embedding":
                own.copy_(torch.randn(own.shape, generator=generator))
            else:
                own.copy_((2 * torch.rand(own.shape, generator=generator) - 1) * bound)
        if config.cell == "lstm":
            for layer in net.weights():
                for weights in layer:
                    weights.b[config.units : 2 * config.units] += config.forget_bias
    return net.flat()


def named(params: Tensor, config: Config, characters: int) -> dict[str, np.ndarray]:
    """The arrays of a net by their names, for a safetensors file."""
    net = Net(config, characters).load(params)
    return {name: _array(own) for name, own in net.named_parameters()}


def joined(arrays: dict[str, np.ndarray], config: Config, characters: int) -> Tensor:
    """params (P,) of what `named` gave. Raises SettingError where names or shapes are another net's."""
    wanted = {name: tuple(p.shape) for name, p in Net(config, characters).named_parameters()}
    given = {name: tuple(array.shape) for name, array in arrays.items()}
    require(given == wanted, "model", wanted=f"arrays {wanted}", given=given)
    return torch.cat(
        [torch.tensor(arrays[name], dtype=torch.float32).reshape(-1) for name in wanted]
    )


def _parameter(*shape: int) -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.empty(shape, device="meta"))


def _take(x: Tensor, at: Tensor) -> Tensor:
    """x (n, T, d) with the steps of each row in the order `at` (n, T)."""
    return x.gather(1, at[:, :, None].expand_as(x))


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy().copy()
