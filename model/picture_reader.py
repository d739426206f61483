"""Reads the words of a picture, in a process of its own: a decoder that hangs or grows takes nothing of the desk's.

The process starts with the first picture, reads one after another, ends after some idle minutes, and is killed and
started anew when it is late. It gets no secrets: its environment is a short list. Loads neither Pillow nor onnxruntime.
"""

import importlib.util
import json
import logging
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.images import MOST_BYTES, UnreadablePicture, header
from model.types import UnderstudyError

log = logging.getLogger(__name__)
START_SECONDS = 60.0
"""For the process to load its models, on a busy machine."""
PASSED_ON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "TMPDIR",
    "LANG",
    "SYSTEMROOT",
    "PYTHONPATH",
)
"""What of the environment the process gets: tokens and keys are not among it."""
INSTALL = "pip install 'understudy[ocr]' (in a clone: `make ocr`), about 95 MB to download"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Words found in a picture."""

    text: str
    confidence: float
    box: tuple[Point, Point, Point, Point]
    """Corners, clockwise from the upper left of the words, in pixels as they were read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture says; no lines where it says nothing."""

    lines: tuple[Line, ...]
    ms: float


class ReaderBusy(UnderstudyError):
    """More pictures wait than will be read in time."""


class ReaderMissing(UnderstudyError):
    """What reads pictures is not installed."""


def installed() -> bool:
    """Whether what reads pictures is here, with its models: without them it would look for them on the network."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or not found.origin or importlib.util.find_spec("cv2") is None:
        return False
    names = [path.name for path in (Path(found.origin).parent / "models").glob("*.onnx")]
    return any("_det_" in name for name in names) and any("_rec_" in name for name in names)


class PictureReader:
    """One process that reads. Thread-safe.

    Args:
        seconds: for one picture; then the process is killed.
        idle: seconds without a picture after which the process ends.
        waiting: pictures that may wait behind the one that is read.
        program: what is started, as `python -m` takes it.
    """

    def __init__(
        self,
        *,
        seconds: float = 6.0,
        idle: float = 300.0,
        waiting: int = 4,
        most_bytes: int = MOST_BYTES,
        program: tuple[str, ...] = ("model.picture_worker",),
    ) -> None:
        self._seconds, self._idle, self._most_bytes = seconds, idle, most_bytes
        self._program = program
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: threading.Timer | None = None

    def read(self, data: bytes) -> Reading:
        """The words of a picture.

        Raises:
            UnreadablePicture: it is none, hostile or broken, or took too long.
            ReaderBusy: too many wait already.
            ReaderMissing: nothing that reads is installed.
        """
        header(data, self._most_bytes)
        if not self._places.acquire(blocking=False):
            raise ReaderBusy("expected a free place in the line of pictures, found it full")
        try:
            with self._lock:
                return self._ask(data)
        finally:
            self._places.release()

    @property
    def pid(self) -> int:
        """Of the process; 0 where none runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, data: bytes) -> Reading:
        if self._ending is not None:
            self._ending.cancel()
        process = self._started()
        answer = self._exchange(process, struct.pack(">I", len(data)) + data, self._seconds)
        if answer is None:
            self._end()
            raise UnreadablePicture("broken", f"expected to read a picture in {self._seconds:g} s, did not")
        self._ending = threading.Timer(self._idle, self._rest, (process,))
        self._ending.daemon = True
        self._ending.start()
        if "lines" not in answer:
            raise UnreadablePicture(answer.get("reason", "broken"), str(answer.get("error", "")))
        return Reading(tuple(_line(each) for each in answer["lines"]), float(answer["ms"]))

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        if not installed():
            raise ReaderMissing(f"expected what reads pictures, found nothing installed: {INSTALL}")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *self._program, str(self._most_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # Control-C in the bot's terminal is for the bot, which then closes the pipe.
            start_new_session=True,
        )
        if not (self._exchange(self._process, b"", START_SECONDS) or {}).get("ready"):
            self._end()
            raise ReaderMissing(f"expected a process that reads pictures, found one that does not start: {INSTALL}")
        return self._process

    @staticmethod
    def _exchange(process: "subprocess.Popen[bytes]", frame: bytes, seconds: float) -> dict[str, Any] | None:
        """Give a frame and take the answer; none where the process died, or was killed for being late."""
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(seconds, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(frame)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            return None
        finally:
            late.cancel()
        return answer if isinstance(answer, dict) else None

    def _rest(self, process: "subprocess.Popen[bytes]") -> None:
        """Nobody has sent a picture for a while: give the memory back."""
        with self._lock:
            if process is self._process:
                self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if self._ending is not None:
            self._ending.cancel()
        if process is None:
            return
        process.kill()  # it holds nothing that must be put away
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                assert stream is not None
                stream.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([root, *filter(None, [kept.get("PYTHONPATH")])])
    # Threads wait asleep: on two cores that a bot works on as well, spinning costs more than waking.
    return kept | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


def _line(row: dict[str, Any]) -> Line:
    first, second, third, fourth = ((float(x), float(y)) for x, y in row["box"])
    return Line(str(row["text"]), float(row["confidence"]), (first, second, third, fourth))
