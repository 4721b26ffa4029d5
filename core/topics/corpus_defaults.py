"""Settings to begin with, by what the documents look like."""

from __future__ import annotations

from collections.abc import Sequence

from core.topics import corpus_stop, corpus_tokens
from core.topics.corpus_settings import Settings


def fitting(texts: Sequence[str]) -> Settings:
    """Tokeniser by script, stop words by language, and less left out where there is little."""
    tokeniser = corpus_tokens.likely_tokeniser(texts)
    some = corpus_tokens.tokenise([text[:5000] for text in texts[:50]], tokeniser)
    language = corpus_stop.likely_language(some.forms[k] for k in some.ids[: corpus_stop.SAMPLE])
    D = len(texts)
    return Settings(
        tokeniser=tokeniser,
        stop_languages=(language,) if language else (),
        min_documents=1 if D < 20 else 2 if D < 200 else 5,
        max_share=0.5 if D >= 20 else 1.0,
    )
