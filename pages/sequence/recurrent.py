"""Recurrent relatives."""

from pages._kit import frame, prose

SLUG = "recurrent"

with frame.exhibit(SLUG):
    pass
prose.show(SLUG)
