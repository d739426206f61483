"""A program in the place of the one that reads pictures: it does what the width of a picture says."""

import json
import os
import struct
import sys
import time

from model.images import header


def main() -> None:
    say({"ready": True})
    while head := sys.stdin.buffer.read(4):
        data = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
        width = header(data).width
        if width == 301:
            time.sleep(60)
        if width == 302:
            os._exit(1)
        if width == 303:
            print("nonsense", flush=True)
        words = " ".join(os.environ) if width == 304 else "hello"
        say({"lines": [{"text": words, "confidence": 0.9, "box": [[0, 0], [50, 0], [50, 10], [0, 10]]}], "ms": 1})


def say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
