"""The model of many languages, which the extra ``multilingual`` installs; nothing is downloaded."""

import threading

from helpdesk.memory import is_free
from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.search.multilingual_encoder import DIMENSIONS, MultilingualEncoder
from helpdesk.search.unpacked_model import is_installed

#: The name of the model and the format; stored vectors of another name are not used.
MODEL = "use-multilingual-v3-6bit/1"
#: The address space that must be free to load it: NumPy, the mapped files and some room.
_LOADING_BYTES = 256 << 20

_lock = threading.Lock()
_loaded: list[EmbeddingModel | None] = []


def multilingual_model() -> EmbeddingModel | None:
    """Return the model, loaded at the first call.

    None if the extra is not installed, the memory does not suffice, or its files cannot be unpacked
    into the cache folder.
    """
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> EmbeddingModel | None:
    try:
        if not is_installed() or not is_free(_LOADING_BYTES):
            return None
        return EmbeddingModel(MultilingualEncoder(), MODEL, DIMENSIONS)
    except (ImportError, OSError, ValueError, KeyError, MemoryError):
        return None  # an incompatible package, or no room: search as without the extra
