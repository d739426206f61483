"""Writes `.env.example` from the settings: `python -m bot.env_example > .env.example`."""

import inspect
import re

from pydantic import SecretStr

from bot.settings import Settings

HEADER = """\
# Every setting of Understudy with its default. Copy to .env and uncomment what you change.
# Both Slack tokens empty: `make run` starts the local workspace. Made by `python -m bot.env_example`.
"""


def text() -> str:
    """The whole file: groups as the comments in `Settings` name them, one line of explanation a setting."""
    lines = [HEADER]
    for line in inspect.getsource(Settings).splitlines():
        if group := re.match(r"    # (.+)$", line):
            lines.append(f"\n# --- {group[1]} ---")
        elif field := re.match(r"    (\w+): ", line):
            info = Settings.model_fields.get(field[1])
            if info is not None:
                told = " ".join((info.description or "").split())  # a second line of it would be no comment
                lines += [f"# {told}", f"#{field[1].upper()}={_default(info.default)}"]
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else f'"{value}"' if " " in str(value) else str(value)


if __name__ == "__main__":
    print(text(), end="")
