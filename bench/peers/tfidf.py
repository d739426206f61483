"""Words and pairs of words, weighted by TF-IDF, with logistic regression: scikit-learn's classic."""

from collections.abc import Sequence
from pathlib import Path

from bench.peers import Classify, Row, Said, said

TITLE = "TF-IDF + logistic regression"
NOTE = "scikit-learn: words and pairs of words, sublinear, C=10"
FILE = "pipeline.joblib"


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pipeline = make_pipeline(words, LogisticRegression(C=10, max_iter=1000))
    pipeline.fit([text for text, _ in rows], [label for _, label in rows])
    joblib.dump(pipeline, folder / FILE)
    return ""


def load(folder: Path) -> Classify:
    import joblib

    pipeline = joblib.load(folder / FILE)

    def classify(texts: Sequence[str]) -> list[Said]:
        return said(pipeline.classes_, pipeline.predict_proba(texts))

    return classify
