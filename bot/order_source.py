"""Where this deployment's orders come from, as its settings say. Composition only."""

import importlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bot.hours import timezone
from bot.lookup import Lookup, OwnOrders, clock_in
from bot.order_file import CsvOrders
from bot.settings import Settings
from model.types import UnderstudyError

MAKER = "lookup"
"""The function of a company's own module that gives its lookup."""


def orders_of(settings: Settings, host: str) -> OwnOrders:
    """The gate over the lookup of the settings.

    Args:
        host: the bot's own workspace.

    Raises:
        UnderstudyError: the file or the module that they name is not there, or gives no lookup.
    """
    now = clock_in(timezone(settings.timezone))
    return OwnOrders(lookup_of(settings, lambda: now().date()), host, now)


def lookup_of(settings: Settings, today: Callable[[], date] = date.today) -> Lookup | None:
    """The company's module, its file, the starter shop's orders in the local workspace; else none.

    Raises:
        UnderstudyError: as `orders_of`.
    """
    if settings.orders_module and settings.orders_file:
        raise UnderstudyError("expected ORDERS_FILE or ORDERS_MODULE, found both. Empty one of them in .env.")
    if settings.orders_module:
        return _from_module(settings.orders_module)
    path = file_of(settings)
    return CsvOrders(path, today) if path is not None else None


def file_of(settings: Settings) -> Path | None:
    """The CSV of orders, where there is one."""
    if settings.orders_file:
        return Path(settings.orders_file).expanduser()
    if settings.local and not settings.orders_module:
        from model import starter

        return starter.orders()
    return None


def _from_module(name: str) -> Lookup:
    what = f"ORDERS_MODULE: expected a Python module with a function {MAKER}() that gives a lookup"
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)  # as `python -m` would: the module lies beside .env
    try:
        found: Any = getattr(importlib.import_module(name), MAKER)()
    except Exception as error:
        raise UnderstudyError(f"{what}, found {name!r}: {type(error).__name__}: {error}. Correct it.") from None
    if not all(callable(getattr(found, method, None)) for method in ("orders_of", "order")):
        raise UnderstudyError(f"{what}, found {name!r}, whose lookup has no orders_of() and order().")
    return found  # type: ignore[no-any-return]
