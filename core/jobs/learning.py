"""Run a learner as a job: its generator's steps become the job's steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from core.errors import JobCancelled, require
from core.jobs.messages import find, name_of
from core.rng import stream

Learn = Callable[..., Iterator[Any]]


def learn_job(
    job_id: str,
    learn: Learn | str,
    data: Any,
    config: Any,
    seed: int,
    total: int | None = None,
    *,
    emit: Callable[..., None],
    cancelled: Callable[[], bool],
) -> Any:
    """Emit every step of `learn(data, config, generator=stream(seed, module))`; return the last.

    `learn` is a learner or its "module:name"; its module's full name (`learn.__module__`) is the
    purpose of the stream, so that a seed means the same wherever the learner runs. `total` is
    the number of steps to come, where that is known, and gives the progress. Raises JobCancelled
    when asked to stop, with the generator closed, and SettingError as the learner does.
    """
    require(total is None or total >= 1, "total", wanted="at least 1 step, or None", given=total)
    name = name_of(learn)
    generator = stream(seed, name.partition(":")[0])
    step = None
    with closing(find(name)(data, config, generator=generator)) as steps:
        for count, step in enumerate(steps, 1):
            emit(step, progress=min(1.0, count / total) if total else None)
            if cancelled():
                raise JobCancelled("stopped")
    return step
