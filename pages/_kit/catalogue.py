"""The one list of exhibits. Navigation, lobby, frame and tests all read it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import SettingError


@dataclass(frozen=True)
class Exhibit:
    """One page. Its file is `pages/<gallery>/<slug>.py`, its address `/<slug>`."""

    slug: str
    title: str
    gallery: str
    icon: str
    blurb: str

    @property
    def path(self) -> str:
        return f"pages/{self.gallery}/{self.slug}.py"


GALLERIES = {
    "vision": "Vision",
    "networks": "Networks",
    "sequence": "Sequence",
    "language": "Language",
}

EXHIBITS = (
    Exhibit(
        slug="filters_gallery",
        title="Filters gallery",
        gallery="vision",
        icon=":material/grid_view:",
        blurb="Learn filters from photographs with spherical K-means and see what each one finds.",
    ),
    Exhibit(
        slug="object_detection",
        title="Object detection",
        gallery="vision",
        icon=":material/center_focus_strong:",
        blurb="Point a camera, a clip or photographs at a detector, look inside it, bring your own.",
    ),
    Exhibit(
        slug="classifier_2d",
        title="2-D classifier",
        gallery="networks",
        icon=":material/scatter_plot:",
        blurb="Watch a network bend the plane until a straight line can part the points.",
    ),
    Exhibit(
        slug="lstm_explorer",
        title="LSTM explorer",
        gallery="sequence",
        icon=":material/psychology:",
        blurb="Read what every cell of a recurrent network remembers, character by character.",
    ),
    Exhibit(
        slug="recurrent",
        title="Recurrent relatives",
        gallery="sequence",
        icon=":material/account_tree:",
        blurb="Elman, bidirectional, deep, GRU, LSTM, echo state: the same task for all, live.",
    ),
    Exhibit(
        slug="parse_trees",
        title="Parse trees",
        gallery="language",
        icon=":material/account_tree:",
        blurb="Every tree of a sentence, the chart that finds the best one, grammars learned from trees.",
    ),
    Exhibit(
        slug="topic_browser",
        title="Topic browser",
        gallery="language",
        icon=":material/topic:",
        blurb="What thousands of documents are about: found, drawn and browsed, your own among them.",
    ),
)


def find(slug: str) -> Exhibit:
    """The exhibit of that slug. Raises SettingError for any other."""
    for exhibit in EXHIBITS:
        if exhibit.slug == slug:
            return exhibit
    raise SettingError("exhibit", wanted=", ".join(e.slug for e in EXHIBITS), given=slug)
