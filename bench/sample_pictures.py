"""the pictures to drop in the local workspace: what a customer of the starter shop would take a screenshot of

python -m bench.sample_pictures [model/starter/pictures]
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.screenshots_ocr import face

FOLDER = Path("model/starter/pictures")
SIZE = (540, 690)
SANS, BOLD, MONO = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"
GREEN, RED, INK, PALE = "#1f5f57", "#a4262c", "#202124", "#f3f1ec"


def main(words: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if words is None else words)
    folder = Path(given[0]) if given else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        # Few colours: an eighth of the size, and nobody sees it.
        draw().quantize(32).save(folder / name, optimize=True)
        print(f"{folder / name}: {(folder / name).stat().st_size // 1000} kB")
    return 0


def page(title: str) -> tuple[Any, Any]:
    """A phone's page of the shop with its head, and the pen to go on with."""
    from PIL import Image, ImageDraw

    made = Image.new("RGB", SIZE, PALE)
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 0, SIZE[0], 84), fill=GREEN)
    pen.text((28, 26), "Marlow & Finch", fill="#ffffff", font=face(BOLD, 26))
    pen.text((28, 116), title, fill=INK, font=face(BOLD, 32))
    return made, pen


def box(pen: Any, top: int, lines: Sequence[str], colour: str = "#ffffff", ink: str = INK, font: str = SANS) -> int:
    """Lines in a box, what follows a bar at its right; gives where the next may begin."""
    height = 32 + 38 * len(lines)
    pen.rounded_rectangle((24, top, SIZE[0] - 24, top + height), 14, fill=colour, outline="#d7d2c8")
    for number, words in enumerate(lines):
        left, _, right = words.partition("|")
        pen.text((46, top + 18 + 38 * number), left, fill=ink, font=face(font, 23))
        pen.text((SIZE[0] - 46, top + 18 + 38 * number), right, fill=ink, font=face(font, 23), anchor="ra")
    return top + height + 22


def declined() -> Any:
    made, pen = page("Payment")
    below = box(pen, 180, ["Your card was declined.", "Please try another card or", "payment method."], "#fbe9e7", RED)
    below = box(pen, below, ["Blue stoneware mug|£18.00", "Linen tea towel|£12.00", "Delivery|£3.90"])
    pen.text((46, below + 4), "Total £33.90", fill=INK, font=face(BOLD, 27))
    pen.rounded_rectangle((24, below + 62, SIZE[0] - 24, below + 128), 14, fill=GREEN)
    pen.text((190, below + 80), "Pay again", fill="#ffffff", font=face(BOLD, 26))
    return made


def damaged() -> Any:
    made, pen = page("Leave a note")
    below = box(pen, 180, ["Delivered today, 11:42", "Parcel left with neighbour"])
    below = box(pen, below, ["My teapot arrived broken.", "The handle is in two pieces", "and the box was wet."])
    pen.ellipse((150, below + 20, 390, below + 200), outline="#8b857a", width=6)
    pen.line((262, below + 22, 238, below + 96, 274, below + 140, 250, below + 198), fill="#8b857a", width=6)
    return made


def label() -> Any:
    made, pen = page("Track my parcel")
    below = box(pen, 180, ["Still on its way", "Expected two days ago"], "#fff4d6")
    below = box(pen, below, ["Carrier: Northway", "Tracking NW 4471 9920 18", "Last seen: depot, Leeds"], font=MONO)
    for number in range(46):
        if (number * 7919) % 5:
            pen.rectangle((60 + number * 9, below, 60 + number * 9 + 2 + number % 4, below + 110), fill=INK)
    return made


PICTURES = {"payment-declined.png": declined, "parcel-late.png": label, "teapot-broken.png": damaged}


if __name__ == "__main__":
    raise SystemExit(main())
