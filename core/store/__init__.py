"""Trained models on disk: found by what made them, checked on every read, built once.

    entry = Store().obtain(Key(learner="cnn", version=1, config=config, data=print, seed=0), train)

A key names all that a model depends on; an entry holds its weights, metrics and origin. Files:

    $VITRINE_HOME/models/           else the user's cache folder, as platformdirs finds it
        <learner>-<hash>/           one entry
            weights.safetensors
            meta.json
        quarantine/                 the last few damaged entries, for whoever wants to look
        .partial/                   being written, or on the way out
        .locks/                     one file for each lock that is held now
    assets/models/                  trained defaults, in the same form, only read

Every entry is written in `.partial` and renamed into place, so that a reader sees a whole one or
none; a lock for each entry lets one process train what several want.
"""

from core.store.entry import Entry
from core.store.keys import Key, fingerprint
from core.store.store import Store, home

__all__ = ["Entry", "Key", "Store", "fingerprint", "home"]
