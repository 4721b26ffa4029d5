"""Python's own language reference, as `help()` shows it: some eighty documents that come with Python."""

from __future__ import annotations

from pydoc_data import topics

from core.datasets.documents import Documents


def documents() -> Documents:
    """The entries in the order of their names."""
    found = sorted(topics.topics.items())
    return Documents(
        "Python's language reference",
        tuple(text for _, text in found),
        tuple(name for name, _ in found),
    )
