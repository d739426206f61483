"""The workspace on disk: one JSON file and a folder of uploads, written whole and then renamed."""

import json
import os
from pathlib import Path

from .state import State, as_json, from_json, new_state


class Store:
    """Reads at the start, writes when something has changed. Without a folder it does neither."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._written: set[str] = set()

    @property
    def path(self) -> Path | None:
        return self.folder / "workspace.json" if self.folder else None

    def load(self, app_name: str) -> State:
        """Raises ValueError when the file is there and cannot be read."""
        if self.path is None or not self.path.is_file():
            return new_state(app_name)
        try:
            state = from_json(json.loads(self.path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"expected the workspace's own JSON in {self.path}, found {error!r}: move the file away"
            ) from error
        for file_id in state.files:
            kept = self.path.parent / "files" / file_id
            if kept.is_file():
                state.contents[file_id] = kept.read_bytes()
                self._written.add(file_id)
        return state

    def pack(self, state: State) -> str:
        """The state at this moment, ready to be written by another thread."""
        return json.dumps(as_json(state), ensure_ascii=False) if self.folder else ""

    def save(self, state: State, packed: str = "") -> None:
        """Write what was packed (or the state as it is now)."""
        if self.folder is None or self.path is None:
            return
        uploads = self.folder / "files"
        uploads.mkdir(parents=True, exist_ok=True)
        for file_id in list(state.contents.keys() - self._written):
            (uploads / file_id).write_bytes(state.contents[file_id])
            self._written.add(file_id)
        temporary = self.path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(packed or self.pack(state))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)
