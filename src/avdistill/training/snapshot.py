"""Interrupted work kept on disk, so that a killed run goes on where it was.

Keras's `BackupAndRestore` keeps neither the history nor the best epoch so far, and writes weights
and epoch number one after the other: killed in between, the next run would go on from the wrong
epoch. Here one file holds everything, and is whole or absent.
"""

import json
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from avdistill.files.atomic import atomic_file


def resume_folder(output: Path) -> Path:
    """Name the folder beside `output` that holds what an interrupted run has done so far."""
    return output.with_name(f".resume-{output.name}")


def remove_resume_folder(output: Path) -> None:
    """Clear away what `resume_folder` names, once the result is written."""
    shutil.rmtree(resume_folder(output), ignore_errors=True)


class Snapshot:
    """One file with the state of unfinished work, of use only to the very same work.

    Parameters
    ----------
    path : the `.npz` file.
    identity : everything that the work depends on, as JSON values; what was kept by work of
        another identity is ignored.
    """

    def __init__(self, path: Path, identity: dict[str, Any]):
        self.path = path
        self.identity = json.loads(json.dumps(identity))

    def save(self, facts: Any, arrays: dict[str, Sequence[np.ndarray]]) -> None:
        """Keep JSON values and named lists of arrays, in place of what was kept before."""
        state = json.dumps({"identity": self.identity, "facts": facts})
        flat = {
            f"{name}_{index}": array
            for name, group in arrays.items()
            for index, array in enumerate(group)
        }
        with atomic_file(self.path) as partial:
            np.savez(partial, state=np.array(state), **flat)

    def load(self) -> tuple[Any, dict[str, list[np.ndarray]]] | None:
        """Return what was kept, or None where nothing is, or nothing of this work."""
        try:
            # Opened here: NumPy leaves a file that it cannot read open.
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                state = json.loads(str(stored["state"]))
                arrays: dict[str, list[np.ndarray]] = {}
                for key in stored.files:  # in the order of writing
                    if key != "state":
                        arrays.setdefault(key.rpartition("_")[0], []).append(stored[key])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            print(f"{self.path}: ignored, damaged ({error})", file=sys.stderr)
            return None
        if state["identity"] != self.identity:
            print(
                f"{self.path}: ignored, left by a run with other settings or code", file=sys.stderr
            )
            return None
        return state["facts"], arrays

    def remove(self) -> None:
        """Forget what was kept."""
        self.path.unlink(missing_ok=True)
