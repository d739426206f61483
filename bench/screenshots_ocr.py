"""screenshots: how many of their words are read, and how many intents are found with and without the words beside them

    python -m bench.screenshots_ocr [--model DIR] [--keep DIR]

Draws 40 pictures (`bench/written/screenshots.jsonl`, seeded) with Pillow and five fonts that matplotlib brings, in
eight conditions for each kind, has them read by the process that the desk uses, and asks
the desk's own `Understanding`. A third of each page is the matter, the rest is what stands around it.
"""

import argparse
import io
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from bench.machine import table, write
from bench.requests import over, trained
from model.picture_reader import PictureReader
from model.picture_text import matters, seen
from model.starter import intents, utterances

ROWS = Path(__file__).parent / "written" / "screenshots.jsonl"
SEED = 11
PHONE, SCREEN = (1170, 2532), (1440, 900)
CONDITIONS = ("light", "dark", "blurred", "at an angle", "low resolution", "dark, small", "on coloured ground", "JPEG")
FONTS = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "STIXGeneral.ttf", "DejaVuSans-Bold.ttf")
COLOURS = {
    "dark": ("#16181c", "#e6e6e6"),
    "dark, small": ("#000", "#5f6368"),
    "on coloured ground": ("#0b57d0", "#8ab4f8"),
}
"""The ground's and the ink's."""
AROUND = (
    "New this week: hand-thrown plates in three glazes",
    "You may also like our oak boards",
    "Rated 4.8 by 212 customers",
    "Made in small runs in Yorkshire",
    "Follow us for ideas and recipes",
    "Terms and conditions apply",
    "Linen aprons, napkins and towels",
    "Gifts under thirty pounds",
    "Read our journal: a visit to the pottery",
    "Beech spoons, set of four",
    "Recycled glass tumblers",
    "Your recently viewed items",
)
"""What else stands on such pages, and has nothing to do with the matter."""
CLUTTER = ("9:41", "100%", "Back", "Marlow & Finch", "Help", "Basket", "Account")


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    args = parser.parse_args(argv)
    rows = [json.loads(line) for line in ROWS.read_text().splitlines()]
    reader = PictureReader(seconds=60)
    with trained(args.model, utterances) as classifier:
        understanding = over(classifier, {intent.name for intent in intents() if intent.small_talk})
        found = [
            one(number, row, reader, understanding, classifier.embed, args.keep) for number, row in enumerate(rows)
        ]
    result = {
        "by_condition": by(found, "condition"),
        "by_kind": by(found, "kind"),
        "milliseconds": {name: paced(reader, name, size) for name, size in (("phone", PHONE), ("screen", SCREEN))},
        "reader_mb": peak(reader.pid),
        "rows": found,
    }
    reader.close()
    show(result)
    print(f"in {write('screenshots_ocr', result)}")
    return result


def one(
    number: int, row: dict[str, Any], reader: Any, understanding: Any, encode: Any, keep: Path | None
) -> dict[str, Any]:
    condition = CONDITIONS[number % len(CONDITIONS)]
    data = drawn(row, condition, FONTS[number % len(FONTS)], Random(f"{SEED}:{number}"))
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{number:02}-{row['kind']}-{condition.replace(' ', '-').replace(',', '')}.jpg").write_bytes(data)
    since = time.perf_counter()
    read = seen(reader.read(data).lines)
    ms = 1000 * (time.perf_counter() - since)
    part, alone = matters(read), matters(read, row["text"], encode)
    both = understanding.predict(f"{row['text']}\n{alone}", own=row["text"])
    return {
        "kind": row["kind"],
        "condition": condition,
        "intent": row["intent"],
        "words": share_of_words([row["head"], *row["lines"]], read.text),
        "picture": understanding.predict(part).label if part else "",
        "text": understanding.predict(row["text"]).label,
        "both": both.label,
        "ms": ms,
    }


def share_of_words(true: Sequence[str], read: str) -> float:
    """Of the words that stand in the picture, by number; letters alone count, not their case."""
    asked, found = (Counter(re.findall(r"[a-z0-9]+", text.lower())) for text in (" ".join(true), read))
    return sum((asked & found).values()) / sum(asked.values())


def drawn(row: dict[str, Any], condition: str, font: str, rng: Random) -> bytes:
    """One screenshot as a JPEG or PNG file."""
    from PIL import Image, ImageDraw, ImageFilter

    size = SCREEN if row["kind"] in ("error", "order") and rng.random() < 0.5 else PHONE
    unit = size[0] / (26 if size == PHONE else 60)
    ground, ink = COLOURS.get(condition, ("#ffffff", "#202124"))
    page = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(page)
    small = 0.5 if condition == "dark, small" else 1.0
    y = 1.2 * unit
    around = rng.sample(AROUND, 6 if size == SCREEN else 10)
    for text in rng.sample(CLUTTER, 3):
        pen.text((unit + rng.random() * size[0] / 2, y), text, fill=ink, font=face(font, 0.7 * unit * small))
        y += 1.3 * unit
    for text in around[:2]:
        pen.text((1.5 * unit, y), text, fill=ink, font=face(font, 0.8 * unit * small))
        y += 1.5 * unit
    pen.text((1.5 * unit, y + unit), row["head"], fill=ink, font=face(font, 1.5 * unit * small))
    y += 4 * unit
    for text in row["lines"]:
        for line in wrapped(text, 34 if size == PHONE else 70):
            pen.text((1.5 * unit, y), line, fill=ink, font=face(font, unit * small))
            y += 1.7 * unit
        y += 0.6 * unit
    for text in around[2:]:
        pen.text((1.5 * unit, y), text, fill=ink, font=face(font, 0.8 * unit * small))
        y += 1.5 * unit
    if condition == "blurred":
        page = page.filter(ImageFilter.GaussianBlur(unit / 8))
    if condition == "at an angle":
        page = photographed(page, rng)
    if condition == "low resolution":
        page = page.resize((240, 519) if size == PHONE else (520, 325))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=8 if condition == "JPEG" else 90)
    return out.getvalue()


def photographed(page: Any, rng: Random) -> Any:
    """Seen from the side by up to fifteen degrees, with a shadow across it and a sensor's noise."""
    from PIL import Image

    wide, high = page.size
    turned = page.rotate(
        rng.uniform(6, 15) * rng.choice((-1, 1)), expand=True, fillcolor="#6b5b4b", resample=Image.Resampling.BICUBIC
    )
    wide, high = turned.size
    lean = rng.uniform(0.03, 0.08)
    corners = (-lean * wide, 0, 0, high, wide, high * (1 + lean / 2), (1 + lean) * wide, -lean * high)
    seen_so = turned.transform(
        (wide, high), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor="#6b5b4b"
    )
    grid = np.asarray(seen_so, dtype=np.float32)
    shade = 1 - 0.7 / (1 + np.exp(-(np.linspace(-6, 6, wide) + rng.uniform(-2, 2))))
    noise = np.random.default_rng(rng.randrange(10**6)).normal(0, 25, grid.shape)
    return Image.fromarray(np.clip(grid * shade[None, :, None] + noise, 0, 255).astype(np.uint8))


def wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width)


def face(name: str, size: float) -> Any:
    import matplotlib
    from PIL import ImageFont

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, max(8, round(size)))


def paced(reader: PictureReader, name: str, size: tuple[int, int], times: int = 20) -> dict[str, float]:
    """Milliseconds of a full page: 18 lines on a phone, 25 on a screen."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", size, "white")
    pen, count = ImageDraw.Draw(page), 18 if name == "phone" else 25
    said = [line for row in ROWS.read_text().splitlines() for line in json.loads(row)["lines"]]
    for number in range(count):
        font = face(FONTS[0], 44 if name == "phone" else 18)
        pen.text((40, 40 + number * (size[1] - 80) // count), said[number], fill="black", font=font)
    out = io.BytesIO()
    page.save(out, "PNG")
    walls = []
    for _ in range(times + 1):
        since = time.perf_counter()
        reader.read(out.getvalue())
        walls.append(1000 * (time.perf_counter() - since))
    p50, p95 = np.percentile(walls[1:], [50, 95])
    return {"lines": count, "p50": float(p50), "p95": float(p95)}


def peak(pid: int) -> int:
    """The most that the process has held, in MB; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) >> 10
    except (OSError, IndexError):
        return 0


def by(found: Sequence[dict[str, Any]], key: str) -> dict[str, dict[str, float]]:
    names = [*dict.fromkeys(row[key] for row in found), "all"]
    return {name: figures([row for row in found if name in ("all", row[key])]) for name in names}


def figures(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    right = {how: float(np.mean([row[how] == row["intent"] for row in rows])) for how in ("picture", "text", "both")}
    return {"n": len(rows), "words": float(np.mean([row["words"] for row in rows])), **right}


def show(result: dict[str, Any]) -> None:
    for key in ("by_condition", "by_kind"):
        rows: list[list[object]] = [
            [name, one["n"], *(f"{100 * one[how]:.1f}" for how in ("words", "picture", "text", "both"))]
            for name, one in result[key].items()
        ]
        print(table(["", "n", "words read %", "intent, picture %", "intent, text %", "intent, both %"], rows), "\n")
    for name, one in result["milliseconds"].items():
        print(f"{name}, {one['lines']} lines: p50 {one['p50']:.0f} ms, p95 {one['p95']:.0f} ms")
    print(f"the process that reads held {result['reader_mb']} MB at most")


if __name__ == "__main__":
    main()
