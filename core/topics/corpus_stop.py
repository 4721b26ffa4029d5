"""Stop words: words that stand in every text and say nothing of what it is about.

English from scikit-learn, whose 318 words are few enough to leave the subject alone, with the short
forms (don't, it's) that it lacks; the other languages from stopwordsiso.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import stopwordsiso
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from core.errors import require

LONG_ENGLISH = "English, long list"
CODES = {
    "English": "en", LONG_ENGLISH: "en", "Chinese": "zh", "Arabic": "ar", "Bengali": "bn",
    "Bulgarian": "bg", "Catalan": "ca", "Croatian": "hr", "Czech": "cs", "Danish": "da",
    "Dutch": "nl", "Estonian": "et", "Finnish": "fi", "French": "fr", "German": "de", "Greek": "el",
    "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu", "Indonesian": "id", "Italian": "it",
    "Japanese": "ja", "Korean": "ko", "Latin": "la", "Norwegian": "no", "Persian": "fa",
    "Polish": "pl", "Portuguese": "pt", "Romanian": "ro", "Russian": "ru", "Slovak": "sk",
    "Spanish": "es", "Swedish": "sv", "Thai": "th", "Turkish": "tr", "Ukrainian": "uk",
    "Vietnamese": "vi",
}  # fmt: skip
LANGUAGES = tuple(CODES)
ENOUGH = 0.15  # share of the tokens that are stop words, in a language
SAMPLE = 20_000  # tokens in which the language is looked for


@lru_cache(len(CODES))
def words(language: str) -> frozenset[str]:
    """The list of a language, in small letters. Raises SettingError for a language without one."""
    known = language in CODES
    require(known, "stop words", wanted="one of " + ", ".join(LANGUAGES), given=language)
    listed = {word.replace("’", "'").lower() for word in stopwordsiso.stopwords(CODES[language])}
    if language == "English":
        return ENGLISH_STOP_WORDS | {word for word in listed if "'" in word}
    return frozenset(listed)


def own(text: str) -> tuple[str, ...]:
    """The words of a list that somebody typed, with spaces, commas or lines between, each once."""
    parts = text.replace(",", " ").replace("，", " ").replace("、", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(part.lower() for part in parts))


def likely_language(tokens: Iterable[str]) -> str | None:
    """The language with most stop words among the first tokens, None where none has enough."""
    some = [token.lower() for token in islice(tokens, SAMPLE)]
    some = [token for token in some if len(token) > 1 or not token.isascii()]  # x is no language
    # a long list finds more by chance: what it finds is set against its length
    shares = {
        language: sum(token in words(language) for token in some) / max(1, len(some))
        for language in LANGUAGES
        if language != LONG_ENGLISH
    }
    best = max(shares, key=lambda language: shares[language] / len(words(language)) ** 0.25)
    return best if shares[best] >= ENOUGH else None
