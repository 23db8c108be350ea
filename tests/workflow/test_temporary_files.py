"""Where jobs put temporary files: in the folder that Snakemake is told, and no trace is left."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc"),
]

TEACHER = "results/teachers/all/dualcamnet/seed0/model.keras"


def unnamed_files(folder: Path) -> set[str]:
    """List the files in a folder, without a name there, that are mapped by any process."""
    found = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            lines = maps.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # of another user, or just gone
            continue
        found |= {line.split(maxsplit=5)[5] for line in lines if f"{folder}/" in line}
    return {name for name in found if name.endswith("(deleted)")}


def test_images_are_on_the_disk_asked_for_while_a_teacher_is_trained(workspace, finished, tmp_path):
    folder, log = tmp_path / "node", tmp_path / "log"
    options = ["--configfile", "config/micro.yaml", "--config", "training={cache: disk}"]
    options += ["--cores", "2", "--default-resources", f"tmpdir={folder}"]
    (workspace / TEACHER).unlink()
    with log.open("w") as output:
        run = subprocess.Popen(
            [sys.executable, "-m", "snakemake", *options, "--", TEACHER],
            cwd=workspace.folder,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / ".cache")},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    seen = set()
    while run.poll() is None:
        seen |= unnamed_files(folder)
        time.sleep(0.05)
    assert run.returncode == 0, log.read_text()[-6000:]
    assert len(seen) == 2  # of training and of validation
    assert list(folder.iterdir()) == []
    assert (workspace / TEACHER).read_bytes() == (finished / TEACHER).read_bytes()
