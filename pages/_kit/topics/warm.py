"""The first view, made before anybody asks for it: docstrings read and a model fitted to them.

Reading takes some ten seconds on a machine that has never done it, and is a job in another process, as
is the fit: visitors of other pages should not notice.
"""

from __future__ import annotations

from core import jobs
from core.datasets import docstrings, docstrings_gathering
from core.errors import VitrineError
from core.jobs.learning import learn_job
from core.topics import fit_arrays
from core.topics.fit import Config
from pages._kit.topics import ahead, fits, prepared, source

PATIENCE = 120.0  # seconds for a job


def warm() -> None:
    """Once a server. What cannot be had now is had when somebody asks."""
    chosen = tuple(name for name in docstrings.packages() if name in docstrings.DEFAULT)
    if not chosen:
        return
    try:
        if not all(map(docstrings.kept, chosen)):
            gathering = docstrings_gathering.Config()
            job = jobs.submit(
                learn_job, docstrings_gathering.learn, chosen, gathering, 0, len(chosen),
                title="docstrings",
            )  # fmt: skip
            with ahead.made(source.DOCSTRINGS, job):
                job.result(timeout=PATIENCE)
        found = source.from_packages(chosen)
        settings = prepared.fitting(found.id, found)
        corpus = prepared.counted(found.id, "whole", 200, settings, found)
        config = Config()
        total = config.steps(len(corpus.documents))
        data = fit_arrays.arrays(corpus.corpus.counts)
        job = jobs.submit(learn_job, fit_arrays.learn, data, config, 0, total, title="topics")
        name = fits.name(corpus, config, 0)
        with ahead.made(name, job):
            job.result(timeout=PATIENCE)
            fits.keep(name, config, 0, job.snapshot(since=0).steps)
    except (VitrineError, TimeoutError):
        return
