"""The champion in memory, swapped by one reference.

A request reads the reference once and works with that bundle to its end; the old bundle goes when its last request lets
go of it. A version that does not load, or fails its trial, never replaces a working one. Loads no torch.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from model.registry import Registry
from model.types import UnderstudyError

T = TypeVar("T")
log = logging.getLogger(__name__)


class Live(Generic[T]):
    """Keeps what `load` makes of the live version, and looks at the pointer again when asked or once a second.

    Args:
        registry: whose pointer is followed.
        load: folder -> bundle; may be slow, runs beside the old bundle.
        probe: tries the new bundle; an exception keeps the old one.
    """

    def __init__(
        self, registry: Registry, load: Callable[[Path], T], probe: Callable[[T], object] | None = None
    ) -> None:
        self._registry = registry
        self._load = load
        self._probe = probe
        self._bundle: T | None = None
        self._version: str | None = None
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._swapped: list[Callable[[T], object]] = []
        self.error: str | None = None
        """Why the version that the pointer names is not the one that serves; none when it is."""

    def get(self) -> T:
        """The bundle that serves now.

        Raises:
            UnderstudyError: nothing could ever be loaded.
        """
        if self._bundle is None:
            self.refresh()
        if self._bundle is None:
            raise UnderstudyError(self.error or f"expected a live {self._registry.kind} model, found none.")
        return self._bundle

    def peek(self) -> T | None:
        """The bundle that serves now, or none; loads nothing."""
        return self._bundle

    @property
    def version(self) -> str | None:
        return self._version

    def on_swap(self, call: Callable[[T], object]) -> None:
        """Have `call` told of each new bundle, after it serves."""
        self._swapped.append(call)

    def refresh(self) -> bool:
        """Follow the pointer. True when another bundle serves afterwards."""
        with self._lock:
            seen = self._stamp()
            if seen is not None and seen == self._seen:
                return False
            try:
                version = self._registry.current()
                if version is None or version == self._version:
                    self._seen, self.error = seen, None
                    return False
                bundle = self._load(self._registry.path(version))
                if self._probe is not None:
                    self._probe(bundle)
            except Exception as error:
                self._seen = seen
                self.error = f"the {self._registry.kind} model that is to be live does not load: {error}"
                log.exception("%s; %s keeps serving", self.error, self._version or "nothing")
                return False
            self._bundle, self._version, self._seen, self.error = bundle, version, seen, None
        log.info("%s %s serves", self._registry.kind, version)
        for call in self._swapped:
            call(bundle)
        return True

    def watch(self, interval: float = 1.0) -> None:
        """Follow the pointer every `interval` seconds until `close`."""

        def look() -> None:
            while not self._stop.wait(interval):
                try:
                    self.refresh()
                except Exception:
                    log.exception("could not follow %s", self._registry.pointer)

        self._thread = threading.Thread(target=look, name=f"live-{self._registry.kind}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _stamp(self) -> tuple[int, int] | None:
        # The inode changes with each os.replace, also within one tick of a coarse clock.
        try:
            stat = self._registry.pointer.stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino
