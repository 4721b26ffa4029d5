"""Words of a text that a visitor types: which the corpus counts, and which it has never heard of."""

from __future__ import annotations

from core.topics import corpus_stop, corpus_tokens
from core.topics.corpus import Corpus


def known(corpus: Corpus, text: str) -> list[str]:
    """Words of the vocabulary in a text, each once, n-grams too."""
    bag = corpus.bag([text])
    found = [bag.vocabulary[w] for w in bag.words.tolist()]
    whole = set(text.split()) & set(bag.vocabulary)  # a phrase as the vocabulary spells it
    return list(dict.fromkeys((*found, *sorted(whole))))


def unknown(corpus: Corpus, text: str) -> list[str]:
    """Words that are not in the vocabulary, each once, in their order; without stop words."""
    own = corpus.rules.settings
    inside = {
        place for word in corpus.spans(text) for place in range(word.start, word.end)
    }  # characters
    stop = {*own.stop_words, *corpus.rules.vocabulary}.union(
        *map(corpus_stop.words, own.stop_languages)
    )
    found = (
        own.fold(text[start:end])
        for start, end in corpus_tokens.spans(text, own.tokeniser, own.pattern)
        if start not in inside
    )
    # as the corpus: no numbers, no short ones
    return [
        word
        for word in dict.fromkeys(found)
        if len(word) >= max(1, own.shortest)
        and (own.numbers or any(map(str.isalpha, word)))
        and word not in stop
        and word.lower() not in stop
    ]
