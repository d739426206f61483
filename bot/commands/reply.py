"""`understudy reply`: what the bot would answer, and from what. Loads torch only where a reply is generated."""

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings
    from model.responder import Writer
    from model.types import Intent, Prediction, Reply


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "reply",
        help="say what the bot would answer",
        description="Answer one message as the bot would, without Slack. Nothing is stored.",
    )
    parser.add_argument("text", metavar="TEXT", help="what a customer might write")
    parser.add_argument("--name", default="", help="the customer's first name")
    parser.add_argument("--intent", default="", help="take this intent instead of asking the classifier")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.settings import load

    result = answer(load(), args.text, args.name, args.intent)
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(result["text"])
        made = "generated" if result["generated"] else result["kind"] or "not answered"
        print(f"[{result['route']}, {result['intent']}, {made}, {result['milliseconds']['total']:.0f} ms]")
    return 0


def answer(settings: "Settings", text: str, name: str = "", intent_name: str = "") -> dict[str, Any]:
    """The reply to one message and what it was made of; milliseconds without the loading of models.

    Raises:
        UnderstudyError: no model is live, or no intent has that name.
    """
    from bot.content import articles, intents
    from bot.routing import Route, asked
    from bot.titled import article_of
    from bot.which_order import number_in
    from model.encoder import base_encoder
    from model.responder import KnowledgeResponder
    from model.retriever import Retriever
    from model.types import ReplyRequest

    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    responder = KnowledgeResponder(Retriever(encoder, articles(settings)), _generator(settings), encoder)
    known = intents(settings)
    prediction, route, foreign, classifying = _understood(settings, text, known, intent_name)
    intent = known.get(intent_name or (prediction.intent if prediction else ""))
    slots = {key: value for key, value in (("first_name", name), ("order_number", number_in(text))) if value}
    begun = time.perf_counter()
    asked_for = [known[name] for name in asked(prediction) if name in known] if prediction else []
    titled = article_of(responder, text, prediction, asked_for, route) if prediction else None
    reply = responder.respond_from(titled.id, ReplyRequest(text, None, slots)) if titled else None
    if reply is not None:
        route = Route.ANSWER
    elif route is Route.ANSWER:
        reply = responder.respond(ReplyRequest(text, intent, slots, (), settings.tone))
        route = route if reply is not None else Route.OFFER
    took = 1000 * (time.perf_counter() - begun)
    return {
        "text": reply.text if reply is not None else _words(route, foreign),
        "route": str(route),
        "intent": intent.name if intent is not None else None,
        "out_of_scope": prediction.out_of_scope if prediction else None,
        **_made(reply),
        "versions": {"intent": prediction.version if prediction else None, "response": reply.version if reply else ""},
        "milliseconds": {
            "classify": round(classifying, 1),
            "reply": round(took, 1),
            "total": round(classifying + took, 1),
        },
    }


def _understood(
    settings: "Settings", text: str, known: "dict[str, Intent]", intent_name: str
) -> "tuple[Prediction | None, Any, str, float]":
    """The prediction, the route, the language where it is not read, and the milliseconds that the classifier took."""
    from bot.commands.evaluate import load_classifier
    from bot.content import names
    from bot.home import registry_of
    from bot.languages import languages_of
    from bot.routing import Route, Thresholds, route
    from model.encoder import TOKENIZER_FILE
    from model.language import served_by
    from model.naming import renamed
    from model.types import UnderstudyError

    if intent_name:
        if intent_name not in known:
            raise UnderstudyError(f"--intent: expected the name of a known intent, found {intent_name!r}.")
        return None, Route.ANSWER, "", 0.0
    classifier, todays = load_classifier(None), names(settings)
    begun = time.perf_counter()
    prediction: Prediction = renamed(classifier.predict([text])[0], todays)
    took = 1000 * (time.perf_counter() - begun)
    thresholds = Thresholds(settings.answer_threshold, settings.ambiguity_margin)
    tokenizer = registry_of(settings.home, "intent").current_path() / TOKENIZER_FILE
    foreign = languages_of(settings.languages, lambda: served_by(tokenizer)).foreign(text)
    chosen = route(prediction, known.get(prediction.intent), 0, thresholds, foreign=bool(foreign))
    return prediction, chosen, foreign, took


def _made(reply: "Reply | None") -> dict[str, Any]:
    if reply is None:
        return {"kind": None, "sources": [], "grounded": True, "generated": False, "refused": []}
    return {
        "kind": reply.kind,
        "sources": list(reply.sources),
        "grounded": reply.grounded,
        "generated": reply.generated,
        "refused": list(reply.refused),
    }


def _words(route: Any, foreign: str) -> str:
    from bot import wording
    from bot.languages import phrases
    from bot.routing import Route

    if foreign:
        return phrases(foreign).offer
    return {Route.CLARIFY: wording.CLARIFY, Route.HANDOFF: wording.HANDOFF}.get(route, wording.OFFER)


def _generator(settings: "Settings") -> "Any":
    """Gives the generator, loaded when it is first asked for; None where it is off or there is none."""
    from bot.endpoint import endpoint_of

    if (endpoint := endpoint_of(settings)) is not None:
        return lambda: endpoint
    loaded: list[Writer] = []

    def get() -> "Writer | None":
        from bot.home import registry_of

        registry = registry_of(settings.home, "response")
        if settings.generator == "off" or registry.current() is None:
            return None
        if not loaded:
            from model.base import generator_folder
            from model.generator import ResponseGenerator

            base = generator_folder(settings.response_base, settings.home / "cache")
            loaded.append(ResponseGenerator.load(registry.current_path(), base))
        return loaded[0]

    return get
