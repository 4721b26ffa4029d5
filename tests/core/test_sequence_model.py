"""The net: torch's layers, its own peepholes, what is traced of it, its numbers to take home."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.sequence import model, trace
from core.sequence.model import Config, Net
from tests.core.sequences import apart

V = 7
SHAPES = [
    Config(units=5),
    Config(units=5, peepholes=True),
    Config(units=5, layers=2, embedding=3, cell="gru"),
    Config(units=4, layers=2, bidirectional=True),
    Config(units=4, layers=2, bidirectional=True, peepholes=True),
    Config(units=4, bidirectional=True, cell="srn"),
]
EACH = pytest.mark.parametrize("config", SHAPES, ids=range(len(SHAPES)))


def made(config: Config, seed: int = 0) -> Net:
    params = 3 * model.start(config, V, generator=stream(seed, "net"))
    return Net(config, V).load(params)


def codes(n: int = 3, T: int = 12) -> torch.Tensor:
    return torch.randint(0, V, (n, T), generator=stream(0, "codes"))


@EACH
def test_what_is_traced_is_what_the_net_does(config: Config) -> None:
    net, x = made(config), codes()
    with torch.no_grad():
        o = net(x)[0]
    V_, bias = net.V.detach().numpy(), net.bias.detach().numpy()
    for row, scores in zip(x, o, strict=True):
        top = trace.trace(net.stack(), row.numpy())[-1]
        assert apart(np.hstack([way.hidden for way in top]) @ V_.T + bias, scores) < 1e-5


@EACH
def test_rows_that_end_early_read_as_they_do_alone(config: Config) -> None:
    net, x = made(config), codes()
    lengths = torch.tensor([12, 1, 7])
    with torch.no_grad():
        together = net(x, None, lengths)[0]
        for k, length in enumerate(lengths.tolist()):
            assert apart(together[k, :length], net(x[k : k + 1, :length])[0][0]) < 1e-6


@EACH
def test_a_text_may_be_read_in_pieces(config: Config) -> None:
    net, x = made(config), codes()
    with torch.no_grad():
        whole, _ = net(x)
        first, state = net(x[:, :5])
        if config.bidirectional:
            assert state is None
            return
        assert apart(net(x[:, 5:], state)[0], whole[:, 5:]) < 1e-6


def test_peepholes_of_zero_are_none() -> None:
    for shape in (Config(units=5, layers=2), Config(units=5, layers=2, bidirectional=True)):
        plain = made(shape)
        net = Net(replace(shape, peepholes=True), V)
        arrays = {**model.named(plain.flat(), shape, V)}
        arrays["w"] = np.zeros((2, shape.ways, 3, 5), np.float32)
        order = [name for name, _ in net.named_parameters()]
        net.load(model.joined({n: arrays[n] for n in order}, net.config, V))
        with torch.no_grad():
            assert apart(net(codes())[0], plain(codes())[0]) < 1e-6


@EACH
def test_arrays_there_and_back(config: Config) -> None:
    net = made(config)
    arrays = model.named(net.flat(), config, V)
    assert torch.equal(model.joined(arrays, config, V), net.flat())
    shuffled = dict(reversed(arrays.items()))
    assert torch.equal(model.joined(shuffled, config, V), net.flat())
    arrays.pop("bias")
    with pytest.raises(SettingError, match="model"):
        model.joined(arrays, config, V)
    with pytest.raises(SettingError, match="weights"):
        Net(config, V + 1).load(net.flat())


def test_initial_values() -> None:
    config = Config(units=64, layers=2, embedding=16, forget_bias=1.5)
    params = model.start(config, V, generator=stream(0, "net"))
    assert torch.equal(params, model.start(config, V, generator=stream(0, "net")))
    assert params.dtype == torch.float32
    arrays = model.named(params, config, V)
    assert abs(arrays["embedding"].std() - 1) < 0.2
    U = arrays["rnn.weight_hh_l1"]
    assert 0.12 < np.abs(U).max() <= 1 / 8 and abs(U.mean()) < 0.01
    biases = arrays["rnn.bias_ih_l1"].reshape(4, 64).mean(axis=1)
    assert apart(biases, [0, 1.5, 0, 0]) < 0.05


def test_making_a_net_draws_no_global_random_numbers() -> None:
    before = torch.get_rng_state()
    made(Config(embedding=3, peepholes=True))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(
    "wrong, setting",
    [
        ({"cell": "qrnn"}, "cell"),
        ({"optimiser": "lion"}, "optimiser"),
        ({"units": 0}, "units"),
        ({"units": 1.5}, "units"),
        ({"units": True}, "units"),
        ({"layers": 9}, "layers"),
        ({"embedding": -1}, "embedding"),
        ({"rate": float("nan")}, "learning rate"),
        ({"rate": -0.1}, "learning rate"),
        ({"clip": -1.0}, "clipping"),
        ({"momentum": 1.1}, "momentum"),
        ({"batch": 0}, "batch"),
        ({"truncate": 0}, "truncation length"),
        ({"updates": 0}, "updates"),
        ({"steps": 0}, "steps"),
        ({"forget_bias": float("inf")}, "forget bias"),
        ({"cell": "gru", "peepholes": True}, "peepholes"),
    ],
)
def test_bad_settings_are_named(wrong: dict, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        Config(**wrong)
