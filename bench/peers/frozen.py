"""The same base, untrained, as sentence-transformers runs it, with logistic regression on its vectors."""

from collections.abc import Sequence
from pathlib import Path

from bench.peers import Classify, Row, Said, said

TITLE = "frozen embeddings + logistic regression"
NOTE = "sentence-transformers (torch fp32) and scikit-learn, C=10"
FILE, BASE = "head.joblib", "base.txt"


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    import joblib
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    vectors = SentenceTransformer(str(base), device="cpu").encode([text for text, _ in rows])
    joblib.dump(LogisticRegression(C=10, max_iter=2000).fit(vectors, [label for _, label in rows]), folder / FILE)
    (folder / BASE).write_text(str(base))
    return ""


def load(folder: Path) -> Classify:
    import joblib
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer((folder / BASE).read_text(), device="cpu")
    head = joblib.load(folder / FILE)

    def classify(texts: Sequence[str]) -> list[Said]:
        return said(head.classes_, head.predict_proba(encoder.encode(list(texts), show_progress_bar=False)))

    return classify
