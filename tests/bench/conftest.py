"""Fixtures that tests of the measurements share with those of the models."""

from tests.model.conftest import tiny_base

__all__ = ["tiny_base"]
