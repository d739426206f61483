"""What can be made to go wrong while the workspace runs, as it does between a bot and Slack."""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Faults:
    """All off at first. A counter counts down by itself; a switch stays until it is switched back."""

    duplicates: int = 0
    """Each event is sent this many more times, under event ids of their own and without a retry mark."""
    delay: float = 0.0
    """Seconds between what happened and its event."""
    out_of_order: bool = False
    """Every second event is held back until the one after it has gone."""
    drop_every: int = 0
    """Every n-th payload goes into a connection that breaks before the acknowledgement (0: never)."""
    rate_limit: int = 0
    """The next n Web API calls get 429."""
    server_errors: int = 0
    """The next n Web API calls get 503."""
    retry_after: int = 1
    """Seconds that a 429 asks to wait."""
    only: str = ""
    """Restricts 429 and 503 to this method, e.g. `chat.postMessage` (empty: all but apps.connections.open)."""

    def update(self, values: dict[str, Any]) -> None:
        """Set any subset by name; a wrong name or type raises ValueError."""
        known = {field.name: field.type for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"expected one of {', '.join(known)}, found {name!r}")
            wanted = type(getattr(self, name))
            if wanted is float and isinstance(value, int):
                value = float(value)
            if not isinstance(value, wanted):
                raise ValueError(f"expected {wanted.__name__} for {name}, found {value!r}")
            setattr(self, name, value)

    def clear(self) -> None:
        for name, value in asdict(Faults()).items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def strike(self, method: str) -> int:
        """The HTTP status this call is to fail with, or 0."""
        if method != self.only and (self.only or method == "apps.connections.open"):
            return 0
        if self.rate_limit > 0:
            self.rate_limit -= 1
            return 429
        if self.server_errors > 0:
            self.server_errors -= 1
            return 503
        return 0
