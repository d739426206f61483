"""The endpoint that writes replies, where the owner named one. Composition only; loads no torch."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.settings import Settings

if TYPE_CHECKING:
    from model.endpoint import EndpointWriter

HERE = ("localhost", "127.0.0.1", "::1")


def endpoint_of(settings: Settings) -> "EndpointWriter | None":
    """The writer at the endpoint of the settings; None where replies are written in this process, or not at all."""
    if settings.generator == "off" or not settings.generator_url:
        return None
    from model.chat_call import Address
    from model.endpoint import EndpointWriter, Patience

    key = settings.generator_api_key.get_secret_value()
    patience = Patience(
        settings.generator_first_seconds,
        settings.generator_seconds,
        settings.generator_retries,
        settings.generator_failures,
        settings.generator_pause,
    )
    return EndpointWriter(Address(settings.generator_url, settings.generator_model, key), patience)


def readable_on_the_way(settings: Settings) -> bool:
    """Whether customers' words would leave this machine without encryption."""
    parts = urlsplit(settings.generator_url)
    return parts.scheme == "http" and parts.hostname not in HERE
