"""Recurrent relatives: the same task for all, how each is wired, and an echo state network from within."""

from pages._kit import frame, prose
from pages._kit.relatives import arena, echo, wired

SLUG = "recurrent"

with frame.exhibit(SLUG):
    arena.show_all()
    wired.show()
    echo.show_all()
prose.show(SLUG)
