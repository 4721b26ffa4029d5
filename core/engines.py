"""Everything that is compiled at its first use, compiled at once: later users start without waiting."""

from __future__ import annotations

from core.nets import compiled as nets
from core.parsing import compiled as parsing
from core.sequence import compiled as sequence
from core.sequence import reservoir
from core.topics import compiled as topics
from core.topics import one_document_chains


def warm() -> None:
    """Compile, or load what was compiled before on this machine."""
    for engine in (nets, sequence, reservoir, parsing, topics, one_document_chains):
        engine.warm()
