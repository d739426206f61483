"""`python -m bench` lists the measurements; each is a command of its own."""

import importlib

BENCHES = (
    "desk",
    "start",
    "loop",
    "starter",
    "accuracy",
    "sticking",
    "requests",
    "screenshots_ocr",
    "reply",
    "search",
    "gaps",
    "recommend",
    "language",
    "adapt",
    "serving",
    "robust",
    "fair",
    "intent",
)


def main() -> None:
    for name in BENCHES:
        line = (importlib.import_module(f"bench.{name}").__doc__ or "").splitlines()[0]
        print(f"python -m bench.{name:9} {line}")


if __name__ == "__main__":
    main()
