"""model2vec: the same base distilled into one vector a token, with logistic regression. No Transformer runs at all."""

from collections.abc import Sequence
from pathlib import Path

from bench.peers import Classify, Row, Said, said

TITLE = "model2vec + logistic regression"
NOTE = "static vectors distilled from the same base, scikit-learn, C=10"
FILE = "head.joblib"


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    import joblib
    import numpy as np
    from model2vec.distill import distill
    from sklearn.linear_model import LogisticRegression

    static = distill(str(base), device="cpu")
    # The base's tokenizer pads each text to 128 tokens, which its mean would hold; and what does not lie row by row in
    # memory is written to the file in disorder.
    static.tokenizer.no_padding()
    static.embedding = np.ascontiguousarray(static.embedding)
    static.save_pretrained(folder)
    vectors = static.encode([text for text, _ in rows])
    joblib.dump(LogisticRegression(C=10, max_iter=2000).fit(vectors, [label for _, label in rows]), folder / FILE)
    return ""


def load(folder: Path) -> Classify:
    import joblib
    from model2vec import StaticModel

    static, head = StaticModel.from_pretrained(folder), joblib.load(folder / FILE)

    def classify(texts: Sequence[str]) -> list[Said]:
        return said(head.classes_, head.predict_proba(static.encode(list(texts))))

    return classify
