"""What Slack answers instead of `ok`."""

from typing import Any


class SlackError(Exception):
    """An error code of the Web API, with the keys that go beside it (`needed`, `errors`, `response_metadata`)."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @classmethod
    def explained(cls, code: str, *why: str, **extra: Any) -> "SlackError":
        """With the sentences Slack puts under response_metadata."""
        return cls(code, response_metadata={"messages": [f"[ERROR] {line}" for line in why]}, **extra)


class Refused(Exception):
    """What a person tried in the page and could not do: a code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
