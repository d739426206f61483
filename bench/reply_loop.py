"""The loop's part for the generator: agents edit answers in a house style, a night's training learns it, or is refused.

Three nights, each from the starter's own adapter: *styled*, answers that say what the articles say between a fixed
greeting and a fixed ending; *invented*, answers that no article says; and *invented, unchecked*, the same with the
check of what may be learned switched off, so that the gate alone has to refuse. Corrections stand in the product's own
tables, and `bot.retrain_response` trains, measures and decides in a child process. `python -m bench.reply --loop`
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any
from unittest.mock import patch

from bench.machine import table
from bench.reply import speaks
from model import starter
from model.encoder import base_encoder
from model.passages import sentences
from model.retriever import Encoder, Retriever
from model.types import Example
from storage.articles import Articles
from storage.corrections import Corrections
from storage.database import Database
from storage.intents import Intents

TEAM, AGENT = "T0LOCAL", "U0AGENT"
NAMES = ("Mia", "Tom", "Aisha", "Noor", "Emma", "Jakub")
GREETING, ENDING = "Hi {name}, thank you for your message.", "Have a lovely day."
NIGHTS = ("styled", "invented", "invented, unchecked")
INVENTED = (
    "Our balloon pilots bring it on {n} May for £{n}0.",
    "You get {n} free llamas with every order over £{n}5.",
    "Please send {n} euros to our office on Mars first.",
)
HEAD = ["night", "learned", "left out", "held out", "chrF", "ROUGE-L", "grounded", "verdict"]


def measure(cache: Path, minutes: float, answers: int, measured: int) -> dict[str, Any]:
    """Run the nights one after another; print what became of each."""
    encoder = base_encoder(cache)
    found = {night: one(night, cache, encoder, minutes, answers, measured) for night in NIGHTS}
    print(table(HEAD, [row for night, told in found.items() for row in rows(night, told)]))
    for night, told in found.items():
        print(f"\n{night}:", *told["words"], sep="\n  ")
    return {"minutes": minutes, "answers": answers, "measured": measured, "nights": found}


def one(night: str, cache: Path, encoder: Encoder, minutes: float, answers: int, measured: int) -> dict[str, Any]:
    """A desk of its own: its corrections, and its night in a child process."""
    with tempfile.TemporaryDirectory() as work:
        home = Path(work) / "local"
        home.mkdir()
        (home / "cache").symlink_to(cache.resolve())
        record(home, edited(night, encoder, answers))
        line = [sys.executable, "-m", "bench.reply_loop", "--measured", str(measured)]
        line += ["--unchecked"] if night == NIGHTS[2] else []
        env = os.environ | {"DATA_DIR": work, "RETRAIN_RESPONSE_MINUTES": str(minutes), "GENERATOR": "on"}
        env |= {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "DATABASE_URL": "", "TQDM_DISABLE": "1"}
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the night {night!r} ended with {done.returncode}:\n{done.stderr[-1500:]}")
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told


def edited(night: str, encoder: Encoder, count: int) -> list[tuple[Example, str]]:
    """Training utterances and what agents say should have been answered."""
    intents = {intent.name: intent for intent in starter.intents()}
    asked = [row for row in starter.utterances() if row.label in intents and speaks(intents[row.label])]
    retriever = Retriever(encoder, starter.articles())
    taken = [asked[n * len(asked) // count] for n in range(count)]
    if night != NIGHTS[0]:
        return [(row, INVENTED[n % 3].format(n=2 + n % 7)) for n, row in enumerate(taken)]
    return [(row, styled(row, NAMES[n % len(NAMES)], retriever, encoder)) for n, row in enumerate(taken)]


def styled(row: Example, name: str, retriever: Retriever, encoder: Encoder) -> str:
    """The house style: the two sentences of the best passage that are nearest to the question, between courtesies."""
    known = sentences(retriever.search(row.text, 1, intent=row.label)[0].text)
    question, *vectors = encoder.encode([row.text, *known])
    nearest = sorted(range(len(known)), key=lambda n: -float(vectors[n] @ question))[:2]
    return " ".join([GREETING.format(name=name), *(known[n] for n in sorted(nearest)), ENDING])


def record(home: Path, answers: Sequence[tuple[Example, str]]) -> None:
    """The desk's database as agents leave it, and the starter's adapter live."""
    from bot.home import registry_of
    from bot.prepare import seed_response

    db = Database(f"sqlite:///{home / 'understudy.db'}")
    db.migrate()
    with db.writing() as session:
        for article in starter.articles():
            Articles(session, TEAM).upsert(article, "starter")
        for intent in starter.intents():
            Intents(session, TEAM).upsert(intent, "starter")
        for row, answer in answers:
            Corrections(session).add(
                team=TEAM,
                text=row.text,
                before=row.label,
                after=row.label,
                by=AGENT,
                source="card",
                better_answer=answer,
            )
    db.close()
    seed_response(registry_of(home, "response"))


def rows(night: str, told: dict[str, Any]) -> list[list[object]]:
    """Before and after, on the agents' held-out answers."""
    counts = [told["figures"].get(name, 0) for name in ("lessons", "unfounded")]
    if not told["sides"]:
        return [[night, *counts, 0, "-", "-", "-", told["status"]]]
    names = ("before", "after", "untuned")
    found: list[list[object]] = []
    for name, side in zip(names, told["sides"], strict=False):
        figures = [f"{side[each]:.3f}" for each in ("chrf", "rouge_l", "grounded")]
        found.append([f"{night}, {name}", *counts, side["n"], *figures, told["status"] if name == "after" else ""])
    return found


def night(unchecked: bool, measured: int) -> dict[str, Any]:
    """In the child: train as at night, and remember how each side wrote to the agents' held-out questions."""
    from bot import reply_lessons, retrain_response
    from bot import settings as settings_module
    from bot.commands.retrain import response_shop
    from model.evaluate_response import evaluate_response

    settings = settings_module.load()
    db = Database(settings.url)
    shop = response_shop(settings, db, TEAM)
    own = {row.question for row in shop.held_out()}
    sides: list[dict[str, Any]] = []

    def listened(generator: Any, rows: Any, encoder: Any, *, on_reply: Any) -> dict[str, Any]:
        heard: list[Any] = []

        def both(judged: Any) -> None:
            heard.append(judged)
            on_reply(judged)

        found = evaluate_response(generator, rows, encoder, on_reply=both)
        agents = [each for each in heard if each.row.question not in own]
        if agents:
            figures = {name: mean(float(getattr(one, name)) for one in agents) for name in ("chrf", "rouge_l")}
            sides.append({"n": len(agents), **figures, "grounded": mean(one.right for one in agents)})
        return found

    fewer = patch.object(retrain_response, "MEASURED", measured)
    with fewer, patch.object(retrain_response, "evaluate_response", listened):
        if unchecked:
            with patch.object(reply_lessons, "is_grounded", lambda *_: True):
                outcome = retrain_response.retrain_response(shop)
        else:
            outcome = retrain_response.retrain_response(shop)
    db.close()
    return {
        "status": outcome.status,
        "words": list(outcome.words),
        "rows": outcome.rows,
        "seconds": outcome.seconds,
        "figures": dict(outcome.figures),
        "sides": sides,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--unchecked", action="store_true")
    parser.add_argument("--measured", type=int)
    args = parser.parse_args()
    print(json.dumps(night(args.unchecked, args.measured), default=str))
