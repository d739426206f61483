"""Corrections that hold from the very next message on, before any model has learned them. Loads no torch.

An agent's correction decides every later message that is the same, or nearly the same, as the one corrected: equal
after normalising (numbers such as an order's do not count), or as near as `threshold` in the base encoder's space with
neither or both of the two denying. So does a message with the same words, but for slips of the keyboard or a greeting
and thanks around it. Nothing else changes: the memory knows no intents, only single texts.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from model.dataset import normalise
from model.likeness import denies, key_of, mistyped

Vectors = npt.NDArray[np.float32]

NEAR = 0.93
"""Cosine from which two texts ask the same. On the starter shop no two texts of different intents come nearer than 0.86
and 33 pairs of the same intent lie above 0.93: paraphrases are caught, other requests are not."""


class Encoder(Protocol):
    """Texts to vectors; the base encoder, whose space no promotion changes."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 [n, d], rows of unit length."""
        ...


@dataclass(frozen=True, slots=True)
class Override:
    """A remembered correction that decides a text."""

    id: int | str
    """The correction's id."""
    text: str
    """The corrected text, as it was written."""
    label: str
    """An intent, or `oos`."""
    similarity: float = 1.0
    """Cosine between the asked and the corrected text, or for slips of the keyboard the share of letters that are the
    same; 1 for the same text."""


@dataclass(frozen=True, slots=True)
class _Entry:
    override: Override
    key: str
    denies: bool


@dataclass(frozen=True, slots=True)
class _State:
    """One immutable generation of the memory: a lookup reads it once and needs no lock."""

    entries: tuple[_Entry, ...] = ()
    vectors: Vectors | None = None
    """[n, d], or none while there are no entries."""
    exact: Mapping[str, Override] = field(default_factory=dict)
    """By normalised text, and by the same without its numbers."""
    texts: tuple[str, ...] = ()
    """The keys of `exact`, made once and not for each message."""


class OverrideMemory:
    """Texts that agents corrected, and their labels. Thread-safe; where several entries match, the nearest decides,
    and of equally near ones the latest."""

    def __init__(self, encoder: Encoder, threshold: float = NEAR) -> None:
        self._encoder = encoder
        self._threshold = threshold
        self._state = _State()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._state.entries)

    def __contains__(self, id: object) -> bool:
        return any(entry.override.id == id for entry in self._state.entries)

    def entries(self) -> list[Override]:
        """What is remembered, oldest first."""
        return [entry.override for entry in self._state.entries]

    def add(self, id: int | str, text: str, label: str) -> None:
        """Remember a correction; an earlier one of the same id gives way."""
        vector = self._encode([text])
        with self._lock:
            old = self._state
            kept = [i for i, entry in enumerate(old.entries) if entry.override.id != id]
            rows = vector if old.vectors is None else np.concatenate([old.vectors[kept], vector])
            self._set((*(old.entries[i] for i in kept), _entry(id, text, label)), rows)

    def remove(self, id: int | str) -> bool:
        """Forget a correction. False when it was not there."""
        return bool(self.discard([id]))

    def discard(self, ids: Iterable[int | str]) -> int:
        """Forget several corrections at once. Returns how many were there."""
        gone = set(ids)
        with self._lock:
            old = self._state
            kept = [i for i, entry in enumerate(old.entries) if entry.override.id not in gone]
            if old.vectors is not None and len(kept) < len(old.entries):
                self._set(tuple(old.entries[i] for i in kept), old.vectors[kept])
        return len(old.entries) - len(kept)

    def rebuild(self, corrections: Iterable[tuple[int | str, str, str]]) -> None:
        """Remember exactly these (id, text, label), oldest first: at the start, or after a roll-back."""
        latest = {id: _entry(id, text, label) for id, text, label in corrections}
        entries = tuple(latest.values())
        vectors = self._encode([entry.override.text for entry in entries]) if entries else None
        with self._lock:
            self._set(entries, vectors)

    def settle(self, among: Iterable[int | str], kept: Iterable[tuple[int | str, str, str]]) -> None:
        """Of the corrections `among` remember exactly `kept`. Those that came meanwhile stay, as the latest."""
        latest = {id: _entry(id, text, label) for id, text, label in kept}
        mine = {*among, *latest}
        vectors = self._encode([entry.override.text for entry in latest.values()]) if latest else None
        with self._lock:
            old = self._state
            rest = [i for i, entry in enumerate(old.entries) if entry.override.id not in mine]
            parts = [
                part for part in (vectors, old.vectors[rest] if old.vectors is not None else None) if part is not None
            ]
            entries = (*latest.values(), *(old.entries[i] for i in rest))
            self._set(entries, np.concatenate(parts) if parts else None)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Texts as they stand to vectors of unit length, [n, d], in the memory's space."""
        return self._encoder.encode(texts)

    def alike(self) -> "OverrideMemory":
        """An empty memory with the same encoder and threshold."""
        return OverrideMemory(self._encoder, self._threshold)

    def lookup(self, text: str) -> Override | None:
        """The correction that decides this text, or none. Encodes only when there is something to compare with."""
        return self.lookups([text])[0]

    def lookups(self, texts: Sequence[str]) -> list[Override | None]:
        """The same for several texts, encoded together."""
        state = self._state
        if state.vectors is None or not state.entries:
            return [None] * len(texts)
        found = [_worded_alike(state, text) for text in texts]
        left = [index for index, each in enumerate(found) if each is None]
        vectors = self._encode([texts[index] for index in left]) if left else ()
        for index, vector in zip(left, vectors, strict=True):
            found[index] = self._nearest(state, texts[index], vector)
        return found

    def _nearest(self, state: _State, text: str, vector: Vectors) -> Override | None:
        """The nearest entry of the same polarity that is near enough."""
        assert state.vectors is not None
        cosines = state.vectors @ vector
        negative = denies(text)
        near = np.flatnonzero(cosines >= self._threshold)
        # Nearest first; the sort is stable, so of equal ones the latest.
        for index in near[np.argsort(cosines[near], kind="stable")][::-1]:
            entry = state.entries[int(index)]
            if entry.denies == negative:
                found = entry.override
                return Override(found.id, found.text, found.label, float(min(cosines[index], 1.0)))
        return None

    def _encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode([key_of(text) for text in texts])

    def _set(self, entries: tuple[_Entry, ...], vectors: Vectors | None) -> None:
        exact = {entry.key: entry.override for entry in entries}
        exact.update({normalise(entry.override.text): entry.override for entry in entries})
        self._state = _State(entries, vectors, exact, tuple(exact))


def _worded_alike(state: _State, text: str) -> Override | None:
    """The entry with the same words, but for what does not count and slips of the keyboard."""
    key = key_of(text)
    exact = state.exact.get(normalise(text)) or state.exact.get(key)
    if exact is not None:
        return exact
    slipped = mistyped(key, state.texts)
    return replace(state.exact[slipped[0]], similarity=slipped[1]) if slipped is not None else None


def _entry(id: int | str, text: str, label: str) -> _Entry:
    return _Entry(Override(id, text, label), key_of(text), denies(text))
