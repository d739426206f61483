"""When two texts are the same text: letters' case, width, spacing and closing marks do not count.

The same form as `model.dataset.normalise`, which this package may not import; a test compares the two.
"""

import unicodedata
from hashlib import sha256


def normalise(text: str) -> str:
    """The form in which two texts count as the same."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    plain = " ".join(plain.split())
    return plain.rstrip("?!.,;: ") or plain


def fingerprint(text: str) -> str:
    """A stable key of the normalised text, in hexadecimal."""
    return sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()
