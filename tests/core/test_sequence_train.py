"""Training: the same as torch by hand, chunks that go on, and tasks that are learned."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.nn.functional import cross_entropy

from core.errors import SettingError
from core.rng import stream
from core.sequence import model, tasks, train
from core.sequence.model import Config, Net
from core.sequence.tasks import IGNORE, Sequences
from tests.core.sequences import apart


def small(**changed: object) -> Sequences:
    given = {"examples": 16, "tests": 6, "generator": stream(0, "data"), **changed}
    return tasks.drawn("memoriser", **given)


def run(data: Sequences, config: Config, seed: int = 0) -> list[train.Step]:
    return list(train.learn(data, config, generator=stream(seed, "net")))


def by_hand(data: Sequences, config: Config, updates: int) -> torch.Tensor:
    """Whole rows, all of them an update: nothing to carry and no order to draw."""
    generator = stream(0, "net")
    V = len(data.vocabulary)
    net = Net(config, V).load(model.start(config, V, generator=generator))
    optimiser = {
        "adam": lambda p: torch.optim.Adam(p, lr=config.rate),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=config.rate),
        "sgd": lambda p: torch.optim.SGD(p, lr=config.rate, momentum=config.momentum),
    }[config.optimiser](net.parameters())
    for _ in range(updates):
        optimiser.zero_grad()
        scores = torch.log_softmax(net(data.x)[0], dim=-1)
        counted = data.y != IGNORE
        picked = scores.gather(2, data.y.clamp(min=0)[:, :, None])[..., 0]
        (-(picked * counted).sum() / counted.sum()).backward()
        length = math.sqrt(sum(p.grad.square().sum().item() for p in net.parameters()))
        if config.clip and length > config.clip:
            for p in net.parameters():
                p.grad *= config.clip / length
        optimiser.step()
    return net.flat()


@pytest.mark.parametrize("clip", (0.0, 0.05, 5.0))
@pytest.mark.parametrize("optimiser", model.OPTIMISERS)
def test_updates_are_those_of_torch_by_hand(optimiser: str, clip: float) -> None:
    config = Config(
        units=6, optimiser=optimiser, momentum=0.5, clip=clip, batch=16, updates=6, steps=3
    )
    data = small()
    told = run(data, config)
    assert [step.updates for step in told] == [0, 2, 4, 6]
    assert apart(told[-1].params, by_hand(data, config, 6)) < 1e-4
    assert (told[-1].params - told[0].params).abs().max() > 0.002


def test_what_a_step_tells() -> None:
    data, config = small(), Config(units=6, batch=16, updates=4, steps=2)
    told = run(data, config)
    assert told[0].loss is None and told[0].length is None and told[0].characters == 0
    assert told[1].characters == 2 * int((data.y != IGNORE).sum())
    net = Net(config, len(data.vocabulary)).load(told[1].params)
    with torch.no_grad():
        o = net(data.held_x)[0]
        loss = cross_entropy(o.flatten(0, 1), data.held_y.flatten(), ignore_index=IGNORE).item()
    hit = (o.argmax(-1) == data.held_y)[data.held_asked].float().mean().item()
    whole = [
        all(p == y for p, y, a in zip(ps, ys, asks, strict=True) if a)
        for ps, ys, asks in zip(
            o.argmax(-1).tolist(), data.held_y.tolist(), data.held_asked.tolist(), strict=True
        )
    ]
    assert abs(told[1].held_loss - loss) < 1e-5
    assert abs(told[1].held_accuracy - hit) < 1e-6
    assert told[1].held_texts == sum(whole) / len(whole)
    start = Net(config, len(data.vocabulary)).load(told[0].params)
    first = train.judge(start, data.x, data.y, data.asked).loss
    second = train.judge(
        Net(config, len(data.vocabulary)).load(by_hand(data, config, 1)),
        data.x,
        data.y,
        data.asked,
    ).loss
    assert abs(told[1].loss - (first + second) / 2) < 1e-5
    assert told[1].length > 0


@pytest.mark.parametrize("peepholes", (False, True))
def test_the_state_goes_from_chunk_to_chunk(peepholes: bool) -> None:
    """At rate 0 the net stays what it is, so that the mean loss of chunks is that of whole rows."""
    data = tasks.from_text("the quick brown fox " * 40, rows=4)
    config = Config(
        units=8, rate=0.0, batch=4, truncate=20, steps=1, optimiser="sgd", peepholes=peepholes
    )
    chunks = -(-data.x.shape[1] // 20)
    told = run(data, replace(config, updates=chunks))
    net = Net(config, len(data.vocabulary)).load(told[0].params)
    whole = train.judge(net, data.x, data.y, data.asked).loss
    assert abs(told[1].loss - whole) < 1e-5
    assert told[1].characters == data.x.numel()
    cold = Net(config, len(data.vocabulary)).load(told[0].params)
    parts = [
        train.judge(cold, *(t[:, k : k + 20] for t in (data.x, data.y, data.asked))).loss
        for k in range(0, 160, 20)
    ]
    assert abs(sum(parts) / len(parts) - whole) > 1e-4  # forgetting would show


def test_broken_numbers_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(10**6))

    def breaking(*args: object, **given: object) -> torch.Tensor:
        loss = cross_entropy(*args, **given)
        return loss * float("nan") if loss.requires_grad and next(asked) == 7 else loss

    monkeypatch.setattr(train, "cross_entropy", breaking)
    steps = run(small(), Config(units=6, batch=16, updates=20, steps=10))
    assert [step.finite for step in steps] == [True] * 4 + [False]
    assert steps[-1].updates == 8


@pytest.mark.parametrize(
    "config",
    [
        Config(units=6, bidirectional=True, updates=4, steps=2, batch=8),
        Config(units=6, bidirectional=True, peepholes=True, updates=4, steps=2, batch=8),
        Config(units=6, cell="gru", layers=2, embedding=3, updates=4, steps=2, batch=8),
        Config(units=6, cell="srn", updates=4, steps=2, batch=8, truncate=3),
    ],
)
def test_every_kind_of_net_learns(config: Config) -> None:
    config = replace(config, updates=40)
    told = run(small(), config)
    assert told[-1].held_loss < told[0].held_loss
    assert all(step.finite for step in told)


def test_a_backward_direction_starts_where_its_row_ends() -> None:
    """Padding must not be read: the loss of rows alone is that of rows beside longer ones."""
    data = tasks.drawn("parity", generator=stream(0, "data"), examples=8, tests=4)
    config = Config(units=6, bidirectional=True)
    V = len(data.vocabulary)
    net = Net(config, V).load(model.start(config, V, generator=stream(0)))
    together = train.judge(net, data.x, data.y, data.asked).loss
    total, count = 0.0, 0
    for x, y, asked in zip(data.x, data.y, data.asked, strict=True):
        T = int((y != IGNORE).sum())
        total += T * train.judge(net, x[None, :T], y[None, :T], asked[None, :T]).loss
        count += T
    assert abs(together - total / count) < 1e-6


@pytest.mark.parametrize("name", ("counter", "memoriser"))
def test_languages_are_learned_beyond_the_lengths_they_were_told_in(name: str) -> None:
    data = tasks.drawn(name, generator=stream(1, "data"))
    for step in train.learn(data, Config(), generator=stream(1, "net")):
        if step.held_texts == 1:
            break
    assert step.held_texts == 1 and step.held_accuracy == 1


def test_memory_over_a_lag_tells_nets_apart() -> None:
    data = tasks.recall(2, generator=stream(0, "data"), examples=200, tests=40)
    config = Config(units=24, updates=300, steps=6, batch=50, rate=0.02)
    assert run(data, config)[-1].held_accuracy > 0.95


def test_nothing_to_learn_from() -> None:
    data = small()
    with pytest.raises(SettingError, match="texts"):
        run(replace(data, x=data.x[:0], y=data.y[:0], asked=data.asked[:0]), Config())


def test_the_rate_falls_along_half_a_cosine() -> None:
    config = Config(rate=0.2, anneal=True, updates=100)
    assert train.rate(config, 0) == pytest.approx(0.2)
    assert train.rate(config, 50) == pytest.approx(0.2 * 10.5 / 20)  # halfway to a twentieth
    assert train.rate(config, 100) == pytest.approx(0.01)
    told = [train.rate(config, k) for k in range(101)]
    assert told == sorted(told, reverse=True)
    assert {train.rate(replace(config, anneal=False), k) for k in (0, 50, 100)} == {0.2}


def test_every_update_is_made_at_its_own_rate() -> None:
    """Plain descent over whole rows: each step is that update's rate times the gradient by hand."""
    data = small()
    config = Config(
        units=6, optimiser="sgd", rate=0.5, clip=0.0, batch=16, updates=4, steps=4, anneal=True
    )
    told = run(data, config)
    net = Net(config, len(data.vocabulary))
    for k, (before, after) in enumerate(pairwise(told)):
        net.load(before.params).zero_grad()
        o = net(data.x)[0]
        cross_entropy(o.flatten(0, 1), data.y.flatten(), ignore_index=IGNORE).backward()
        gradient = torch.cat([p.grad.reshape(-1) for p in net.parameters()])
        share = (1 + math.cos(math.pi * k / 4)) / 2
        rate = 0.5 / 20 + (0.5 - 0.5 / 20) * share
        assert apart(after.params, before.params - rate * gradient) < 1e-6
        assert gradient.abs().max() > 1e-3


def judged(monkeypatch: pytest.MonkeyPatch, texts: list[float]) -> None:
    """Lets the Steps of a run find these shares of the held texts right, one after another."""
    shares = iter(texts)

    def judge(*given: object) -> train.Measure:
        return train.Measure(loss=1.0, accuracy=0.5, texts=next(shares))

    monkeypatch.setattr(train, "judge", judge)


@pytest.mark.parametrize(
    ("texts", "enough", "length"),
    [
        ([0, 1, 1, 1, 1, 1, 1], 3, 4),  # the first Step, which knows nothing, and three
        ([0, 1, 1, 0.99, 1, 1, 1], 3, 7),  # one that is not right begins the row anew
        ([1, 0, 1, 1, 0, 0, 0], 2, 4),  # what is right before any update does not count
        ([0, 1, 0, 1, 0, 1, 0], 2, 7),
        ([0, 1, 1, 1, 1, 1, 1], 0, 7),  # never
        ([0, 1, 1, 1, 1, 1, 1], 1, 2),
    ],
)
def test_enough_is_enough(
    monkeypatch: pytest.MonkeyPatch, texts: list[float], enough: int, length: int
) -> None:
    judged(monkeypatch, texts)
    told = run(small(), Config(units=2, batch=16, updates=6, steps=6, enough=enough))
    assert [step.held_texts for step in told] == texts[:length]


def test_a_run_that_ends_early_is_the_beginning_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = Config(units=3, batch=16, updates=6, steps=6)
    whole = run(small(), config)
    judged(monkeypatch, [0, 1, 1, 1, 1, 1, 1])
    part = run(small(), replace(config, enough=2))
    assert len(part) == 3
    assert all(a.params.equal(b.params) for a, b in zip(part, whole, strict=False))


def test_enough_is_a_whole_number() -> None:
    for given in (-1, 0.5, True, 10**6):
        with pytest.raises(SettingError, match="enough"):
            Config(enough=given)
