"""The documents say what the code does."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_lock_takes_the_cpu_build_where_one_lies_ready() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "torch==2.13.0\n" in lock
    assert "nvidia" not in lock
