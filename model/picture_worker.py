"""The process that reads pictures: `python -m model.picture_worker`. It decodes hostile files, and nothing else does.

Frames on standard input: four bytes of length, then the file; on standard output one line of JSON for each. It ends
when its input closes. It is of low priority and bounded in memory, and whoever started it kills it when it is late.
"""

import io
import json
import os
import struct
import sys
import time
from contextlib import suppress
from typing import Any, BinaryIO

from model.images import MOST_PIXELS, UnreadablePicture, header

NICENESS = 10
MOST_MEMORY = 2_500_000_000
"""Bytes of address space, where the platform limits it: most of it is libraries that are mapped and not read."""
LONGEST, SHORTEST = 1280, 900
"""Sides that a picture's longer side is brought to, in pixels: larger ones cost time, small ones letters."""
MOST_SCALE = 2.5
MOST_LINES = 60
"""Lines of one picture that are read, the tallest ones: a page of small print is nobody's question."""


def main(argv: list[str]) -> int:
    most_bytes = int(argv[0]) if argv else 0
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _be_modest()
    engine = _engine()
    _say(out, {"ready": True})
    while frame := _frame(sys.stdin.buffer):
        since = time.perf_counter()
        answer = _read(engine, frame, most_bytes)
        _say(out, {**answer, "ms": round(1000 * (time.perf_counter() - since), 1)})
    return 0


def _be_modest() -> None:
    with suppress(AttributeError, OSError):
        os.nice(NICENESS)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _frame(stream: BinaryIO) -> bytes:
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _read(engine: Any, data: bytes, most_bytes: int) -> dict[str, Any]:
    try:
        head = header(data, most_bytes or len(data))
        picture, scale = prepared(data, head.kind)
        return {"lines": _lines(engine, picture), "scale": scale}
    except UnreadablePicture as error:
        return {"reason": error.reason, "error": str(error)}
    except MemoryError:
        return {"reason": "pixels", "error": "expected a picture that fits into memory, found a larger one"}
    except Exception as error:  # decoders raise whatever they like; the next picture is read all the same
        return {"reason": "broken", "error": f"{type(error).__name__}: {error}"[:200]}


def prepared(data: bytes, kind: str) -> tuple[Any, float]:
    """The first picture of a file, upright, in colour and of a size that is read well: [h, w, 3], BGR; and its scale.

    Raises:
        Exception: whatever the decoder finds wrong with it.
    """
    import warnings

    import numpy as np
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=[kind]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise UnreadablePicture("pixels", f"expected {MOST_PIXELS:,} pixels, found {opened.width}x{opened.height}")
        opened.draft("RGB", (2 * LONGEST, 2 * LONGEST))  # a large JPEG is decoded at a fraction of its size
        flat = _flat(opened)
        turned = ImageOps.exif_transpose(flat) or flat
    side = max(turned.size)
    scale = LONGEST / side if side > LONGEST else min(MOST_SCALE, SHORTEST / side) if side < SHORTEST else 1.0
    if scale != 1.0:
        size = (max(1, round(turned.width * scale)), max(1, round(turned.height * scale)))
        turned = turned.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(turned)[:, :, ::-1]), scale


def _flat(opened: Any) -> Any:
    """In colour, on white where it lets through: letters on nothing would be black on black. Its EXIF is kept."""
    from PIL import Image

    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        over = opened.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        white.alpha_composite(over)
        made = white.convert("RGB")
        made.info = dict(opened.info)
        return made
    return opened.convert("RGB")


def _engine() -> Any:
    from rapidocr import RapidOCR

    made = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.max_side_len": LONGEST,
            "Global.text_score": 0.3,
            # Measured beside other work: a second thread, or several lines in one run, took longer than it saved.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_side_len": LONGEST,
            "Det.limit_type": "max",
            "Rec.rec_img_shape": [3, 48, 96],  # the width that short lines are padded to
        }
    )
    _lines(made, _sample())  # loads the models now, not within the first picture's time
    return made


def _sample() -> Any:
    """A page with a word on it."""
    import numpy as np
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (200, 60), "white")
    ImageDraw.Draw(page).text((40, 20), "hello", fill="black")
    return np.asarray(page)


def _lines(engine: Any, picture: Any) -> list[dict[str, Any]]:
    """Words with their corners [4, 2] in pixels of the scaled picture, as the engine found them."""
    import numpy as np

    found = engine(picture, use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    if boxes is None or not len(boxes):
        return []
    tall = sorted(range(len(boxes)), key=lambda i: -_height(boxes[i]))[:MOST_LINES]
    kept = [boxes[i] for i in sorted(tall)]
    crops = engine.crop_text_regions(picture, np.array(kept))
    read = engine.recognize_txt(crops)
    return [
        {"text": text, "confidence": round(float(score), 3), "box": [[float(x), float(y)] for x, y in box]}
        for text, score, box in zip(read.txts, read.scores, kept, strict=True)
    ]


def _height(box: Any) -> float:
    return float(((box[3][0] - box[0][0]) ** 2 + (box[3][1] - box[0][1]) ** 2) ** 0.5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
