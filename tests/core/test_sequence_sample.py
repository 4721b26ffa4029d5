"""Writing: probabilities, temperatures, beams against all continuations, and what is held meanwhile."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.sequence import model, reader, sample, trace
from core.sequence.model import Config, Net
from core.sequence.reader import Reader
from core.sequence.trace import Clamp
from tests.core.sequences import apart

V = 5
GIVEN = np.array([1, 2, 3])


def made(**changed: object) -> Net:
    config = Config(**{"units": 6, "layers": 2, "cell": "lstm", **changed})
    return Net(config, V).load(4 * model.start(config, V, generator=stream(0, "net")))


def asked(**changed: object) -> Reader:
    return made(**changed).reader()


def p_after(net: Net, codes: list[int]) -> np.ndarray:
    with torch.no_grad():
        return torch.softmax(net(torch.tensor([codes]))[0][0, -1].double(), 0).numpy()


@pytest.mark.parametrize("both", (False, True))
def test_what_is_expected_is_what_the_net_says(both: bool) -> None:
    net = made(bidirectional=both)
    codes = np.array([1, 4, 2, 2, 0, 3])
    with torch.no_grad():
        o = net(torch.tensor(codes[None]))[0][0].double()
    told = trace.trace(net.reader().stack, codes)
    p = reader.expected(net.reader(), told)
    assert apart(p, torch.softmax(o, 1)) < 1e-5
    bits = torch.nn.functional.cross_entropy(o[:-1], torch.tensor(codes[1:]), reduction="none")
    cost = reader.losses(p, codes)
    assert np.isnan(cost[0]) and apart(cost[1:], bits / np.log(2)) < 1e-4
    top = reader.likeliest(p[2], most=3)
    assert [code for code, _ in top] == np.argsort(-p[2])[:3].tolist()
    assert reader.losses(p[:0], codes[:0]).shape == (0,)
    with pytest.raises(SettingError, match="text"):
        reader.losses(p, codes[:2])


@pytest.mark.parametrize("cell", ("lstm", "gru", "srn"))
def test_greedy_is_the_likeliest_each_time(cell: str) -> None:
    net = made(cell=cell)
    codes = GIVEN.tolist()
    for one in sample.write(net.reader(), GIVEN, 12, temperature=0, generator=stream(0)):
        p = p_after(net, codes)
        assert one.code == 1 + p[1:].argmax()
        codes.append(one.code)
    assert len(codes) == 15


def test_drawing_is_by_probability_and_seed() -> None:
    net = made()
    p = p_after(net, GIVEN.tolist())
    p[0] = 0
    p /= p.sum()
    drawn = [
        next(sample.write(net.reader(), GIVEN, 1, generator=stream(k))).code for k in range(800)
    ]
    assert apart(np.bincount(drawn, minlength=V) / 800, p) < 0.06 and 0 not in drawn
    one, again, other = (
        [w.code for w in sample.write(net.reader(), GIVEN, 30, generator=stream(k))]
        for k in (1, 1, 2)
    )
    assert one == again != other


def test_temperature_sharpens_and_flattens() -> None:
    o = np.array([9.0, 1.0, 2.0, 0.0])
    assert apart(sample.chances(o, 0.5)[1:], reader.softmax(2 * o[1:])) < 1e-12
    assert sample.chances(o, 0).tolist() == [0, 0, 1, 0]
    assert apart(sample.chances(o, 1e-3), [0, 0, 1, 0]) < 1e-12
    assert apart(sample.chances(o, 100)[1:], 1 / 3) < 0.01
    assert o[0] == 9.0


def test_a_character_without_probability_is_never_drawn() -> None:
    for p in ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.5, 0.5]):
        assert {sample.draw(np.array(p), stream(k)) for k in range(50)} <= set(np.flatnonzero(p))


def test_states_grow_as_if_the_whole_had_been_read() -> None:
    ask = asked()
    written = list(sample.write(ask, GIVEN, 8, generator=stream(3)))
    codes = np.array([*GIVEN, *(one.code for one in written[:-1])])
    whole = trace.trace(ask.stack, codes)
    for name in whole[1][0].names:
        grown = np.vstack([one.layers[1][0].of(name) for one in written])
        assert apart(grown, whole[1][0].of(name)) < 1e-6


def test_what_is_held_is_held_at_its_place_in_the_text() -> None:
    ask = asked()
    clamps = [Clamp("b", 2, 0.5, layer=1, first=2, last=6), Clamp("phi", 0, 0.0)]
    written = list(sample.write(ask, GIVEN, 8, generator=stream(3), clamps=clamps))
    codes = np.array([*GIVEN, *(one.code for one in written[:-1])])
    whole = trace.trace(ask.stack, codes, clamps=clamps)
    grown = np.vstack([one.layers[1][0].hidden for one in written])
    assert apart(grown, whole[1][0].hidden) < 1e-6
    assert (grown[2:6, 2] == 0.5).all() and (grown[[0, 1, 6, 7], 2] != 0.5).all()


def test_it_ends_after_the_stop() -> None:
    ask = asked()
    free = [one.code for one in sample.write(ask, GIVEN, 30, generator=stream(1))]
    stop = free[4]
    ended = [one.code for one in sample.write(ask, GIVEN, 30, generator=stream(1), stop=stop)]
    assert ended == free[: free.index(stop) + 1]


@pytest.mark.parametrize("stop", (None, 2))
def test_a_wide_beam_finds_the_best_of_all_continuations(stop: int | None) -> None:
    net = made(layers=1)
    scored = {}
    for codes in product(range(1, V), repeat=3):
        ended = codes[: codes.index(stop) + 1] if stop in codes else codes
        total, text = 0.0, GIVEN.tolist()
        for code in ended:
            p = p_after(net, text)
            total += np.log(p[code] / p[1:].sum())
            text.append(code)
        scored[ended] = total
    best = sorted(scored, key=lambda codes: -scored[codes])
    found = sample.beams(net.reader(), GIVEN, 3, width=64, stop=stop)
    assert [beam.codes for beam in found[:5]] == best[:5]
    assert apart([beam.score for beam in found[:5]], [scored[codes] for codes in best[:5]]) < 1e-4
    greedy = [
        w.code
        for w in sample.write(net.reader(), GIVEN, 3, temperature=0, generator=stream(0), stop=stop)
    ]
    assert sample.beams(net.reader(), GIVEN, 3, width=1, stop=stop)[0].codes == tuple(greedy)  # fmt: skip


def test_a_narrow_beam_goes_on_until_nothing_better_can_come() -> None:
    net, width, stop = made(layers=1), 2, 2
    alive, done = [((), 0.0)], []
    for step in range(6):
        offered = []
        for codes, score in alive:
            p = p_after(net, [*GIVEN.tolist(), *codes])
            offered += [((*codes, c), score + np.log(p[c] / p[1:].sum())) for c in range(1, V)]
        offered = sorted(offered, key=lambda one: -one[1])[:width]
        ended = [one for one in offered if one[0][-1] == stop or step == 5]
        done += ended
        alive = [one for one in offered if one not in ended]
    wanted = sorted(done, key=lambda one: -one[1])[:width]
    found = sample.beams(net.reader(), GIVEN, 6, width=width, stop=stop)
    assert [beam.codes for beam in found] == [codes for codes, _ in wanted]
    assert apart([beam.score for beam in found], [score for _, score in wanted]) < 1e-4


@pytest.mark.parametrize(
    "call, setting",
    [
        (lambda: list(sample.write(asked(), GIVEN[:0], 3, generator=stream(0))), "text"),
        (lambda: list(sample.write(asked(), GIVEN, 0, generator=stream(0))), "length"),
        (lambda: list(sample.write(asked(), GIVEN, 10**9, generator=stream(0))), "length"),
        (
            lambda: list(
                sample.write(asked(), GIVEN, 3, generator=stream(0), temperature=float("nan"))
            ),
            "temperature",
        ),
        (
            lambda: list(sample.write(asked(bidirectional=True), GIVEN, 3, generator=stream(0))),
            "net",
        ),
        (lambda: sample.beams(asked(), GIVEN, 3, width=0), "width"),
        (lambda: sample.beams(asked(), GIVEN, 3, clamps=[Clamp("b", 99)]), "unit"),
    ],
)
def test_bad_input_names_the_setting(call, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        call()
