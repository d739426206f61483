"""Languages: how many English support messages are called foreign, and how many foreign ones are found.

False alarms are counted on the test splits of the benchmark data (with `--half dev` on their train splits) and on 70
English messages full of foreign names and slips; languages on messages of `bench/languages.jsonl`, written for this.
`python -m bench.language [--half dev]`
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bench.machine import table, write
from bot.settings import load
from model.language import detect

MESSAGES = Path(__file__).parent / "languages.jsonl"
SETS = ("BANKING77", "CLINC150", "HINT3_curekart", "NATCS_insurance", "BITEXT_INTENT")
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    half = parser.parse_args().half
    data = load().shared_dir / "data"
    rows = [row for row in read(MESSAGES) if row["half"] == half]
    english = [row["text"] for row in rows if row["language"] == "en"]
    alarms = {name: read(data / name / f"{'train' if half == 'dev' else half}.jsonl") for name in SETS}
    false = [counted(name, [row["text"] for row in found]) for name, found in alarms.items()]
    false.append(counted("names, towns, slips, slang", english))
    false.append(["all", *(sum(int(str(row[i])) for row in false) for i in (1, 2)), ""])
    print(table(["English messages", "rows", "called foreign", "which"], [list(row) for row in false]))
    found = recall([row for row in rows if row["language"] != "en"])
    print(table(["language", "messages", "foreign", "the right language"], [list(row) for row in found]))
    milliseconds = pace(english)
    print(f"{milliseconds:.2f} ms a message, median of {len(english)}")
    print(f"in {write('language', {'half': half, 'false': false, 'recall': found, 'ms': milliseconds})}")


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def foreign(text: str) -> bool:
    return detect(text) not in ("", "en")


def counted(name: str, texts: Sequence[str]) -> list[object]:
    wrong = [text for text in texts if foreign(text)]
    return [name, len(texts), len(wrong), "; ".join(wrong[:5])]


def recall(rows: Sequence[Row]) -> list[list[object]]:
    """A line a language, and one for all."""
    made: list[list[object]] = []
    for code in dict.fromkeys(row["language"] for row in rows):
        mine = [row["text"] for row in rows if row["language"] == code]
        made.append([code, len(mine), sum(map(foreign, mine)), sum(detect(text) == code for text in mine)])
    return [*made, ["all", *(sum(int(str(row[i])) for row in made) for i in (1, 2, 3))]]


def pace(texts: Sequence[str]) -> float:
    """Median milliseconds."""
    times = []
    for text in texts:
        start = time.perf_counter()
        detect(text)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()
