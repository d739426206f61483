"""IntentClassifier: a version folder in memory. Loads no torch; thread-safe, for nothing changes after loading."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.calibration import softmax
from model.encoder import OnnxEncoder, Vectors, broken, read_json, unit
from model.out_of_scope import Detector
from model.pasted import own_words
from model.rows import Neighbour, Rows
from model.spelling import Speller
from model.types import Prediction, Ranked

FORMAT = 1
HEAD_FILE, INTENT_FILE, MANIFEST_FILE = "head.npz", "intent.json", "manifest.json"
RANKED = 5
LONG_TEXT = 400
"""Characters from which a text is read in parts: the mean over a long story would drown its one request."""
MOST_PARTS = 160
BEGINNING = 2000
"""Characters of a long text that are also read as one."""
_NUMBERED = re.compile(r"\w*\d\w*")
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+|\n+")


class IntentClassifier:
    """Recognises intents by the cosine of a text's vector to each class's."""

    def __init__(
        self,
        encoder: OnnxEncoder,
        labels: Sequence[str],
        head: Vectors,
        scale: float,
        temperature: float,
        detector: Detector,
        version: str,
        rows: Rows | None = None,
        speller: Speller | None = None,
        answer_from: float = 0.5,
    ) -> None:
        """`head` is [c, dim] of unit length; `rows` names those of the detector's banks; none: no slip is put right."""
        self._encoder, self._labels, self._head = encoder, tuple(labels), head
        self._scale, self._temperature, self._detector = scale, temperature, detector
        self._version, self._rows, self._answer_from = version, rows or Rows(), answer_from
        self._speller = speller or Speller({}, encoder.knows)

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> "IntentClassifier":
        """Load a version folder.

        Raises:
            UnderstudyError: a file is missing or broken; names the file and what to do.
        """
        encoder = OnnxEncoder(folder, threads)
        meta = read_json(folder / INTENT_FILE)
        if meta.get("format") != FORMAT:
            raise broken(folder / INTENT_FILE, f"format {meta.get('format')!r} instead of {FORMAT}")
        try:
            labels = [str(label) for label in meta["labels"]]
            scale, temperature = float(meta["scale"]), float(meta["temperature"])
            # Versions of before it was chosen have none.
            answer_from = float(meta.get("threshold", {}).get("answer_from", 0.5))
        except (KeyError, TypeError, ValueError) as error:
            raise broken(folder / INTENT_FILE, repr(error)) from None
        head, detector, rows, speller = _head(folder / HEAD_FILE, labels, encoder)
        return cls(encoder, labels, head, scale, temperature, detector, _version(folder), rows, speller, answer_from)

    @property
    def version(self) -> str:
        return self._version

    @property
    def intents(self) -> Sequence[str]:
        return self._labels

    @property
    def threshold(self) -> float:
        """`oos_score` above which a text is out of scope."""
        return self._detector.threshold

    @property
    def temperature(self) -> float:
        """What logits are divided by to be calibrated."""
        return self._temperature

    def neighbours(self, text: str, limit: int) -> list[Neighbour]:
        """The training rows nearest to a text, best first; of each class only those of the detector's bank."""
        if not self._rows.keys:
            return []
        bank = np.concatenate([self._detector.bank, self._detector.bank_oos])
        cosines = bank @ self._encoder.encode(self._speller.corrected([text]))[0]
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [Neighbour(self._rows.keys[i], self._rows.labels[i], float(cosines[i])) for i in best]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the fine-tuned encoder, float32 [n, dim]; good within one version only."""
        return self._encoder.encode(texts)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order. Any text is allowed, an empty one too (which is out of scope)."""
        if not texts:
            return []
        logits, scores = self.judge(texts)
        chances = softmax(logits / self._temperature)
        best = np.argsort(-chances, axis=1, kind="stable")[:, :RANKED]
        return [self._prediction(text, chances[i], best[i], float(scores[i])) for i, text in enumerate(texts)]

    def judge(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Logits [n, c] before the temperature, and out-of-scope scores [n]."""
        cut = [self._speller.corrected(parts(text)) for text in texts]
        vectors = self._encoder.encode([part for row in cut for part in row])
        logits = (self._scale * (vectors @ self._head.T)).astype(np.float64)
        scores = self._detector.score(vectors, logits)
        if len(vectors) == len(texts):
            return logits, scores
        starts = np.cumsum([0, *map(len, cut)])[:-1]
        # The part that speaks most clearly for an intent speaks for the text.
        return np.maximum.reduceat(logits, starts), np.minimum.reduceat(scores, starts)

    def _prediction(
        self, text: str, chances: npt.NDArray[np.float64], best: npt.NDArray[np.intp], score: float
    ) -> Prediction:
        ranking = tuple(Ranked(self._labels[j], float(chances[j])) for j in best)
        nothing = not any(c.isalnum() for c in text)
        return Prediction(
            text=text,
            intent=ranking[0].intent,
            confidence=ranking[0].probability,
            ranking=ranking,
            oos_score=score,
            out_of_scope=nothing or score > self._detector.threshold,
            version=self._version,
            answer_from=self._answer_from,
        )


def parts(text: str) -> list[str]:
    """A short text itself; of a long one what is the customer's own (`model.pasted`), and if that is still long its
    beginning and its sentences, run-on sentences by 40 words.

    Of sentences that differ in nothing but numbers (lists, the lines of a log) the first is enough.
    """
    if len(text) > LONG_TEXT:
        text = own_words(text)
    if len(text) <= LONG_TEXT:
        return [text]
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        if len(words) >= 2:
            starts = range(0, max(1, len(words) - 10), 30)
            pieces.extend(" ".join(words[start : start + 40]) for start in starts)
    first = {_NUMBERED.sub("0", piece): piece for piece in reversed(pieces)}
    pieces = list(reversed(first.values()))
    if len(pieces) > MOST_PARTS:
        group = -(-len(pieces) // MOST_PARTS)
        pieces = [" ".join(pieces[i : i + group]) for i in range(0, len(pieces), group)]
    return [text[:BEGINNING], *pieces]


def _head(file: Path, labels: Sequence[str], encoder: OnnxEncoder) -> tuple[Vectors, Detector, Rows, Speller]:
    try:
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = unit(arrays["head"].astype(np.float32))
        detector = Detector.from_arrays(arrays)
        rows = Rows.from_arrays(arrays, labels, len(detector.bank) + len(detector.bank_oos))
        speller = Speller.from_arrays(arrays, encoder.knows)
    except Exception as error:
        raise broken(file, f"{type(error).__name__}: {str(error).splitlines()[0][:80] if str(error) else ''}") from None
    if head.shape != (len(labels), encoder.dim) or detector.bank.shape[1] != encoder.dim:
        raise broken(file, f"a head of shape {head.shape} for {len(labels)} intents of {encoder.dim} dimensions")
    return head, detector, rows, speller


def _version(folder: Path) -> str:
    if (folder / MANIFEST_FILE).is_file():
        return str(read_json(folder / MANIFEST_FILE).get("version") or folder.name)
    return folder.name
