"""LDA over workers: the numbers of one machine, and what goes wrong is told."""

from __future__ import annotations

import dataclasses
import multiprocessing
from types import SimpleNamespace

import numpy as np
import pytest

from core import jobs
from core.errors import JobCancelled, JobError, SettingError
from core.jobs.handle import Handle
from core.jobs.messages import Order
from core.jobs.work import perform
from core.rng import stream
from core.topics import bars, distributed, generate, lda
from core.topics.counts import Counts, from_matrix
from core.topics.step import Step
from tests.core import topic_jobs
from tests.core.test_jobs_cluster import cluster, engine, programs  # noqa: F401

DATA = bars.pictures(4, 60, 20, generator=stream(0, "documents")).documents
MODEL = lda.Config(
    topics=4, iterations=25, tolerance=0, whole_every=5, learn_alpha=False, learn_eta=False
)
PLANTED = generate.random_topics(4, 60, alpha=0.1, eta=0.1, generator=stream(1, "topics"))


class Here:
    """An engine that does each job at once, in this process, through all that jobs pass; or never."""

    def __init__(self, works: bool = True) -> None:
        self.works, self.orders, self.ended = works, [], []  # type: ignore[var-annotated]

    def submit(self, order: Order, handle: Handle) -> None:
        self.orders.append(order)
        if self.works:
            perform(order, where="here", post=handle.hear, cancelled=lambda: False)

    def alive(self) -> bool:
        return True

    def warm(self) -> None: ...

    def stop(self, job_id: str) -> None: ...

    def end(self, job_id: str) -> None:
        self.ended.append(job_id)

    def shutdown(self) -> None: ...


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    made = Here()
    monkeypatch.setattr(jobs, "_engine", made)
    return made


def alike(a: Step, b: Step, learned: bool = False) -> None:
    for field in dataclasses.fields(Step):
        one, other = getattr(a, field.name), getattr(b, field.name)
        if field.name == "topics":
            assert (one is None) == (other is None)
            if one is not None:
                assert one.vocabulary == other.vocabulary and one.model == other.model
                assert np.allclose(one.topic_word, other.topic_word, rtol=1e-6, atol=0)
                assert np.allclose(one.doc_topic, other.doc_topic, rtol=1e-6, atol=0)
        elif field.name in ("alpha", "eta"):  # Newton's method ends within 1e-6 of where it goes
            assert np.allclose(one, other, rtol=1e-6 if learned else 0, atol=0), field.name
        elif field.name == "best_p":  # float32
            assert np.allclose(one, other, rtol=1e-6, atol=0)
        elif field.name != "best":  # words that are as likely as each other may change places
            assert np.allclose(one, other, rtol=1e-9, atol=1e-9), field.name


@pytest.mark.parametrize("many", [1, 5, 20])
def test_the_same_numbers_as_on_one_machine(here: Here, many: int) -> None:
    config = distributed.Config(model=MODEL, slices=many, at_once=3)
    alone = list(lda.learn(DATA, MODEL, generator=stream(3, "fit")))
    steps = list(distributed.learn(DATA, config, generator=stream(3, "fit")))
    assert len(steps) == len(alone) == 26
    for mine, theirs in zip(steps, alone, strict=True):
        alike(mine, theirs)
    assert len(here.orders) == 26 * many
    assert here.orders[-1].title == f"LDA, pass 26, slice {many} of {many}"
    assert b"column" not in here.orders[0].arguments and not here.ended


def test_the_priors_learned_are_the_same(here: Here) -> None:
    data = generate.documents(PLANTED, 300, 60, generator=stream(1, "documents")).documents
    model = lda.Config(topics=4, iterations=30, tolerance=0)
    alone = list(lda.learn(data, model, generator=stream(3, "fit")))
    config = distributed.Config(model=model, slices=5)
    steps = list(distributed.learn(data, config, generator=stream(3, "fit")))
    assert alone[-1].eta != model.eta and len(set(alone[-1].alpha)) == 4
    for mine, theirs in zip(steps, alone, strict=True):
        alike(mine, theirs, learned=True)


def test_it_ends_where_the_bound_no_longer_rises(here: Here) -> None:
    model = dataclasses.replace(MODEL, tolerance=1e-3)
    steps = list(distributed.learn(DATA, distributed.Config(model=model), generator=stream(0, "")))
    assert 1 < len(steps) < 26 and steps[-1].topics is not None


def test_slices_have_every_document_once_and_about_as_many_words() -> None:
    counts = np.ones((50, 30))
    counts[10:40, 3:] = 0  # the middle has few words
    data = from_matrix(counts, [f"w{w}" for w in range(30)])
    parts = distributed.slices(data, 4)
    assert parts[0][0] == 0 and parts[-1][1] == 50
    assert all(a[1] == b[0] and a[0] < a[1] for a, b in zip(parts, parts[1:], strict=False))
    words = [data.indptr[last] - data.indptr[first] for first, last in parts]
    assert max(words) - min(words) <= 60
    assert len(distributed.slices(data, 1000)) == 50
    empty = from_matrix(np.eye(3)[[0, 1]] * 0 + np.array([[0], [1]]), list("abc"))
    assert distributed.slices(empty, 2)[-1][1] == 2


def test_no_more_jobs_than_asked_for_at_a_time(here: Here) -> None:
    begun = []

    def submit(k: int) -> Handle:
        begun.append(k)
        return jobs.submit(_echo, k)

    for k, found in enumerate(distributed._in_order(submit, 7, 3, distributed.never)):
        assert found == k and begun == list(range(min(7, k + 3)))  # type: ignore[comparison-overlap]


def _echo(job_id: str, k: int, **ways: object) -> int:
    return k


def test_a_slice_that_stumbles_is_named_with_its_cause(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "slice_job", topic_jobs.stumbles)
    config = distributed.Config(model=MODEL, slices=2)
    with pytest.raises(
        JobError, match=r"pass 1, slice 1 of 2: ZeroDivisionError: slice of nothing"
    ):
        next(distributed.learn(DATA, config, generator=stream(0, "")))


def test_a_later_slice_that_fails_is_told_while_the_first_still_runs(here: Here) -> None:
    handles = []

    def submit(k: int) -> Handle:
        here.works = k == 1
        handles.append(jobs.submit(topic_jobs.stumbles, title=f"slice {k}"))
        return handles[-1]

    with pytest.raises(JobError, match="slice 1: ZeroDivisionError"):
        next(distributed._in_order(submit, 3, 3, distributed.never))
    assert here.ended == [handles[0].id, handles[2].id]


def test_asked_to_stop_it_kills_what_runs(here: Here) -> None:
    here.works = False
    asked = iter([False, False, True])
    learning = distributed.learn(
        DATA, distributed.Config(model=MODEL, slices=3), generator=stream(0, ""),
        cancelled=lambda: next(asked),
    )  # fmt: skip
    with pytest.raises(JobCancelled, match="stopped"):
        next(learning)
    assert sorted(here.ended) == sorted(order.job_id for order in here.orders)
    assert len(here.ended) == 3


def test_what_it_refuses(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="slices"):
        distributed.Config(slices=0)
    with pytest.raises(SettingError, match="at once"):
        distributed.Config(at_once=0)
    none = Counts(np.zeros(3, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32), ("a",))
    with pytest.raises(SettingError, match="words"):
        next(distributed.learn(none, distributed.Config(), generator=stream(0, "")))
    monkeypatch.setattr(multiprocessing, "current_process", lambda: SimpleNamespace(daemon=True))
    with pytest.raises(JobError, match="by a worker"):
        next(distributed.learn(DATA, distributed.Config(), generator=stream(0, "")))
    assert not here.orders


def test_on_real_workers(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    config = distributed.Config(model=MODEL, slices=2)
    alone = next(lda.learn(DATA, MODEL, generator=stream(3, "fit")))
    alike(next(distributed.learn(DATA, config, generator=stream(3, "fit"))), alone)
    monkeypatch.setattr(distributed, "slice_job", topic_jobs.dies)
    one = distributed.Config(model=MODEL, slices=1)
    with pytest.raises(JobError, match=r"pass 1, slice 1 of 1: its (process|worker) died"):
        next(distributed.learn(DATA, one, generator=stream(3, "fit")))
