"""What agents read of the versions: side by side, pinned, by `/support model`."""

from datetime import datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot import versions, wording
from bot.listeners import ids, model_blocks
from bot.listeners.commands import SUBCOMMANDS, handle_support, usage
from bot.services import Services
from bot.training import TrainingState
from model.registry import Registry
from model.types import UnderstudyError
from tests.bot.conftest import Office
from tests.bot.listeners.test_register import NOWHERE, app_of


def at(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def measured(f1: float, refund: float, n: int = 300) -> dict[str, object]:
    return {
        "n": n,
        "accuracy": f1 + 0.01,
        "macro_f1": f1,
        "oos_recall": 0.5,
        "oos_auroc": None,
        "per_intent": {"refund": {"f1": refund}, "thanks": {"f1": 0.9}},
        "latency_ms": {"p50": 4.0, "p95": 7.25},
    }


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(tmp_path, "intent")
    rows = {"train": {"rows": 1234}, "test": {"rows": 300, "sha256": "one"}}
    for evaluation, data in (
        (measured(0.8, 0.6), rows),
        (measured(0.91, 0.85), rows),
        (measured(0.9, 0.85, 310), rows | {"test": {"rows": 310, "sha256": "two"}}),
        (None, {}),
    ):
        with made.staging() as folder:
            made.publish(folder, {"evaluation": evaluation, "data": data})
    made.promote("v2")
    return made


def test_two_versions_side_by_side(registry: Registry) -> None:
    head, *lines, fair = versions.compared(registry, "v1", "v2", at).splitlines()
    rows = {line[:20].strip(): line[20:].split() for line in lines}
    assert head == "```"
    assert rows[""] == ["v1", "v2", "(live)"]
    assert rows["macro F1"] == ["80.0", "%", "91.0", "%"]
    assert rows["out-of-scope recall"] == ["50.0", "%", "50.0", "%"]
    assert "out-of-scope AUROC" not in rows, "measured of neither"
    assert rows["ms a message (p95)"] == ["7.2", "7.2"]
    assert rows["rows trained on"] == ["1,234", "1,234"]
    assert rows["refund"] == ["60.0", "%", "85.0", "%"]
    assert "thanks" not in rows, "it does not differ"
    assert fair == "Both were measured on the same test messages."
    assert "Each was measured on the test messages of its own time" in versions.compared(registry, "v3", "v2", at)


def test_a_version_without_figures_and_what_cannot_be_compared(registry: Registry) -> None:
    assert versions.compared(registry, "v4", "v2", at).endswith(
        "Of v4 no figures are kept: there were no test messages when it was made."
    )
    with pytest.raises(UnderstudyError, match="found v2 twice"):
        versions.compared(registry, "v2", "v2", at)
    with pytest.raises(UnderstudyError, match=r"\(v1, v2, v3, v4\), found 'v9'\.$"):
        versions.compared(registry, "v2", "v9", at)


def test_pinned_shows_in_the_history(registry: Registry) -> None:
    assert versions.pinned(registry, "v1", True) == "v1 is pinned: it is kept, however many versions follow."
    assert versions.pinned(registry, "v1", True).startswith("v1 is pinned already")
    assert versions.history(registry, at).splitlines()[-1].startswith("*v1* · pinned · ")
    assert versions.pinned(registry, "v1", False).startswith("v1 is pinned no more")
    assert versions.pinned(registry, "v1", False) == "v1 is not pinned."
    assert "pinned" not in versions.history(registry, at)


def offered(live: str, picked: str = "", former: str = "") -> tuple[str, set[str]]:
    """What the page of the model has chosen, and the buttons that are beside it."""
    state = TrainingState(False, False, True, ("v3", "v2", "v1"), live, former, frozenset({"v1"}))
    menu, *buttons = model_blocks.page(state, "", "", picked=picked)["blocks"][-1]["elements"]
    return menu["initial_option"]["value"], {each["action_id"] for each in buttons}


def test_the_page_offers_what_can_be_done_about_the_chosen_version() -> None:
    back, compare, pin, unpin = ids.MODEL_BACK, ids.MODEL_COMPARE, ids.MODEL_PIN, ids.MODEL_UNPIN
    assert offered("v3", former="v2") == ("v2", {compare, back, pin})
    assert offered("v3", former="v1") == ("v1", {compare, back, unpin})
    assert offered("v1") == ("v3", {compare, back, pin}), "after a rollback"
    assert offered("v3", picked="v3") == ("v3", {pin}), "the live one"
    assert offered("v1", picked="v1") == ("v1", {unpin})
    assert offered("v3", picked="v9")[0] == "v2", "gone meanwhile"


def test_a_verdict_of_some_time_ago_is_told_as_such() -> None:
    assert versions.since("v2 is live. Better.", "v1") == "v2 went live. Better."
    assert versions.since("v2 is live. Better.", "v2") == "v2 is live. Better."
    assert versions.since("v1 stays live, v2 was refused: why.", "v3") == "v1 stayed live, v2 was refused: why."
    assert versions.since("v1 stays live, v2 was refused: why.", "v1") == "v1 stays live, v2 was refused: why."
    assert versions.since("", None) == ""


class Recording:
    """A trainer that says what it was asked."""

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        def asked(*given: object, **more: object) -> str:
            if "<!channel>" in given:
                raise UnderstudyError("found '<!channel>'")
            return f"{name} {given} {more}"

        return asked


@pytest.fixture
def services(office: Office) -> Services:
    return app_of(office)[1].with_training(Recording())  # type: ignore[arg-type]


def say(services: Services, words: str, who: str = "UAGENT") -> str:
    return handle_support(services, {"text": words, "user_id": who, "trigger_id": "1"}, WebClient("x", NOWHERE))[0]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("train cancel", "cancel ('UAGENT',) {}"),
        ("train pause", "pause ('UAGENT',) {}"),
        ("Train Resume", "resume ('UAGENT',) {}"),
        ("model compare V1 v2", "compare ('v1', 'v2') {}"),
        ("model compare v1", "compare ('v1',) {}"),
        ("model compare", "Expected one or two versions, such as `/support model compare v1 v2`."),
        ("model pin v3", "pin ('v3', True) {}"),
        ("model unpin v3", "pin ('v3', False) {}"),
        ("model pin", "Expected one version, such as `/support model pin v1`."),
        ("model rollback V2", "rollback ('v2',) {'by': 'UAGENT'}"),
        ("model rollback", "rollback (None,) {'by': 'UAGENT'}"),
        ("model compare <!channel>", "Found '&lt;!channel&gt;'"),
    ],
)
def test_every_subcommand_reaches_the_trainer(services: Services, words: str, asked: str) -> None:
    assert say(services, words) == asked
    assert say(services, words, "UMIA") == wording.ONLY_AGENTS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("train cancle", "train cancel"), ("train pasue", "train pause"), ("model compar", "model compare"),
     ("modle pin v1", "model pin"), ("train resum", "train resume")],
)  # fmt: skip
def test_a_typo_gets_the_nearest_subcommand_and_help_lists_them(services: Services, typed: str, meant: str) -> None:
    assert f"Did you mean `/support {meant}`?" in say(services, typed)
    assert meant in SUBCOMMANDS
    assert f"`/support {meant}`: " in usage(services)
