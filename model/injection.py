"""Finds passages that speak to the machine instead of to a customer: nobody's knowledge, whoever put them there.

The grounding check takes every article as approved. An article that was copied from elsewhere may hold orders to the
model, marks that part the speakers, or text that no reader sees; such a passage is neither written from nor quoted.
"""

import re

_SIGNS = {
    "orders to the machine": re.compile(
        r"\b(?:ignore|disregard|forget|override|do not follow|ignoriere|ignora|oublie[zr]?)\b.{0,30}"
        r"\b(?:instructions?|prompts?|facts|rules|everything above|anweisungen|instrucciones|consignes)\b|"
        r"\byour (?:new |real |only )?(?:instructions?|system prompt)\b|"
        r"\byou are (?:now )?an? (?:ai|assistant|language model)\b|"
        r"\b(?:tell|promise) (?:each|every|all|the) customers?\b|\bfollow this: \S{16}",
        re.IGNORECASE | re.DOTALL,
    ),
    "marks that part speakers": re.compile(
        r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>|</?think>|"
        r"(?:^|\n|[.!?] )\s*(?:system|assistant|user)\s*:|#{2,}\s*(?:instruction|response|system)\b",
        re.IGNORECASE,
    ),
    "text that no reader sees": re.compile(
        r"<!--|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|[\u200b\u2060\u202a-\u202e\U000e0000-\U000e007f]",
        re.IGNORECASE,
    ),
    "encoded text": re.compile(r"(?<![\w/.-])[A-Za-z0-9+/]{40,}={0,2}(?![\w/.-])"),
}


def addressed_to_machine(text: str) -> str:
    """What in a passage is meant for the machine; empty where nothing is."""
    return next((what for what, sign in _SIGNS.items() if sign.search(text)), "")
