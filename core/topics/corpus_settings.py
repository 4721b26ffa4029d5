"""What becomes of the words of a text before they are counted, as settings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.errors import require
from core.topics import corpus_stop
from core.topics.corpus_tokens import known

MOST_STOPPED = 20_000
# short for "is": stop words as they are
SHORT = {
    "it's", "he's", "she's", "that's", "what's", "there's", "here's", "who's", "where's", "how's",
    "when's", "why's", "let's",
}  # fmt: skip
# l'état, qu'il, dell'anno: an article or a pronoun in front
ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|un|dell|nell|all|sull|dall)'(?=[^\W\d_]{3})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Raises SettingError for what cannot be."""

    tokeniser: str = "words"
    pattern: str = ""  # of the tokeniser "pattern"
    lower: bool = True
    numbers: bool = False  # keep words without a letter
    shortest: int = 2  # characters of a word that stays
    stop_languages: tuple[str, ...] = ("English",)
    stop_words: tuple[str, ...] = ()  # one's own
    phrases: int = 1  # words of the longest phrase that is made one word; 1: none
    phrase_npmi: float = 0.4  # how much oftener than by chance its parts stand together, -1 to 1
    phrase_count: int = 10  # times that it stands there at least
    ngrams: int = 1  # words in a row that are counted together, beside each alone
    min_documents: int = 5
    max_share: float = 0.5  # of the documents
    vocabulary: int = 10_000  # words, those that stand there most often

    def __post_init__(self) -> None:
        known(self.tokeniser, self.pattern)
        for language in self.stop_languages:
            corpus_stop.words(language)
        few = len(self.stop_words) <= MOST_STOPPED
        wanted = f"at most {MOST_STOPPED:,}"
        require(few, "own stop words", wanted=wanted, given=f"{len(self.stop_words):,}")
        for setting, value, low, high in (
            ("shortest word", self.shortest, 1, 20),
            ("longest phrase", self.phrases, 1, 4),
            ("NPMI of a phrase", self.phrase_npmi, -1, 1),
            ("count of a phrase", self.phrase_count, 1, 10**6),
            ("n-grams", self.ngrams, 1, 3),
            ("documents with a word", self.min_documents, 1, 10**6),
            ("share of documents with a word", self.max_share, 0, 1),
            ("vocabulary", self.vocabulary, 1, 10**6),
        ):
            inside = low <= value <= high
            require(inside, setting, wanted=f"a number from {low:,} to {high:,}", given=value)

    def fold(self, form: str) -> str:
        """What a form counts as: one way to write each letter, no 's, no article before it."""
        if self.tokeniser == "pattern":  # as its author wants it
            return form.lower() if self.lower else form
        if not form.isascii():
            form = unicodedata.normalize("NFKC", form).replace("’", "'")
        if self.lower:
            form = form.lower()
        if "'" in form:
            form = ELIDED.sub("", form)
            if form.endswith(("'s", "'S")) and form.lower() not in SHORT:
                form = form[:-2]
        return form.strip("_'")
