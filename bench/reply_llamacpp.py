"""llama.cpp beside the other runtimes of bench.reply_speed, by the package xllamacpp, in an environment of its own.

`python bench/reply_llamacpp.py FILE.gguf` reads a prompt a line, as bench.reply_runtimes does. Standard library only.
"""

import json
import sys
import time
from typing import Any


def main() -> None:
    import xllamacpp

    begun = time.perf_counter()
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx, params.n_parallel, params.warmup = 1024, 1, False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    say({"loading_s": round(time.perf_counter() - begun, 1)})
    for line in sys.stdin:
        asked = json.loads(line)
        _, first = timed(server, asked["ids"], 1)
        written, whole = timed(server, asked["ids"], asked["limit"])
        say({"written": written, "first": first, "whole": whole, "rss_mb": held()})


def timed(server: Any, ids: list[int], limit: int) -> tuple[list[int], tuple[float, float]]:
    """Tokens, and seconds by the wall's clock and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    asked = {"prompt": ids, "n_predict": limit, "temperature": 0, "cache_prompt": False, "return_tokens": True}
    found = server.handle_completions(asked)
    taken = time.perf_counter() - wall, time.process_time() - processor
    found = json.loads(found) if isinstance(found, str) else found
    if "tokens" not in found:
        # The OpenAI form has the text and the count only.
        return [0] * int(found["usage"]["completion_tokens"]), taken
    return [int(token) for token in found["tokens"]], taken


def say(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def held() -> int:
    with open("/proc/self/status", encoding="utf-8") as file:
        return int(file.read().split("VmRSS:")[1].split()[0]) >> 10


if __name__ == "__main__":
    main()
