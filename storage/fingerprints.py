"""When two texts are the same text: letters' case, width and spacing do not count."""

import unicodedata
from hashlib import sha256


def fingerprint(*parts: str) -> str:
    """A stable key of the normalised texts, in hexadecimal."""
    normal = "\x1f".join(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()
