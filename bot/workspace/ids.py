"""Timestamps and names that Slack would have made up."""

import secrets
import string
import time

ALPHABET = string.ascii_uppercase + string.digits


class Clock:
    """Message timestamps: seconds and microseconds, each handed out once, ever rising."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def ts(self) -> str:
        self.last = max(time.time_ns() // 1000, self.last + 1)
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"


def fresh(prefix: str, length: int = 10) -> str:
    """A new id with Slack's first letter, e.g. `V3K0Q...`."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def short() -> str:
    """A block or action id where the app gave none."""
    return secrets.token_urlsafe(4)
