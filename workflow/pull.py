"""Pull results like `dvc pull`, and touch the workspace only once all of them are here, and whole.

`dvc pull` deletes an output of which one file is missing or damaged on the remote, and compares
checksums only if the remote is told to (`verify`). This fetches into DVC's cache, compares there,
names what is wrong, and checks out only if nothing is.

    python workflow/pull.py
    python workflow/pull.py students figures --remote storage
"""

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo

from avdistill.avia.raw_folder import RAW, unlink_old_links

LISTED = 5  # faults named one by one
NO_REMOTE = """\
No remote is set. This line sets one, for your own address (docs/dvc.md, "Sharing results"):
dvc remote add --default storage ssh://server.example.org/srv/avdistill"""
ADVICE = """\
Nothing in the workspace was changed. If nothing at all was found: is the remote's address right,
and does its server run? Else delete on the remote what is named here and is there, and run
`dvc push` in a clone that has the results."""


def find_faults(objects: Path, outputs: list[tuple[str, str]]) -> list[str]:
    """Describe what is missing in the cache; remove and describe what is damaged there.

    All is compared, also what was there before: an earlier pull may have been cut off.

    Parameters
    ----------
    objects : folder of the cache, which keeps a file by its MD5, as every remote does.
    outputs : name and MD5 of each output; a folder's is that of the listing of its files.
    """
    faults, whole = [], set()
    waiting = [(name, md5, "") for name, md5 in outputs]
    for name, md5, listed in waiting:
        place = f"{md5[:2]}/{md5[2:]}"
        path = objects / place
        # The listing too, which `dvc push` takes as a sign that the files in it are there.
        where = f"(files/md5/{place}{listed})"
        if md5 in whole:
            continue
        if not path.is_file():
            faults.append(f"{name}: missing on the remote, or damaged there {where}")
        elif md5_of(path) != md5.removesuffix(".dir"):
            path.unlink()
            faults.append(f"{name}: damaged on the remote {where}")
        else:
            whole.add(md5)
            listed_in = f" and its listing files/md5/{place}"
            listing = json.loads(path.read_bytes()) if md5.endswith(".dir") else []
            waiting += [(f"{name}/{one['relpath']}", one["md5"], listed_in) for one in listing]
    return faults


def md5_of(path: Path) -> str:
    """Return the hexadecimal MD5 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def main() -> int:
    """Fetch, compare, check out; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stages", nargs="*", help="stages of dvc.yaml; default: all")
    parser.add_argument("--remote", help="name of a remote; default: DVC's default remote")
    parser.add_argument("--jobs", help="transfers at a time")
    arguments = parser.parse_args()

    try:
        repository = Repo()
        stages = {stage.addressing: stage for stage in repository.index.stages}
    except DvcException as error:
        sys.exit(f"{error}")
    if unknown := set(arguments.stages) - set(stages):
        sys.exit(f"dvc.yaml has no stage {sorted(unknown)[0]}; it has {', '.join(stages)}")
    if not arguments.remote and not repository.config["core"].get("remote"):
        sys.exit(NO_REMOTE)
    outputs = [
        (str(out), out.hash_info.value)
        for name in arguments.stages or stages
        for out in stages[name].outs
        if out.use_cache and out.hash_info
    ]
    objects = Path(repository.cache.local.path)
    unlink_old_links(Path(repository.root_dir, RAW))  # else DVC would write through them
    repository.close()

    options = [
        f"--{name}={value}" for name in ("remote", "jobs") if (value := vars(arguments)[name])
    ]
    dvc = [sys.executable, "-m", "dvc"]
    if status := subprocess.run(
        [*dvc, "fetch", *options, *arguments.stages], check=False
    ).returncode:
        return status
    if faults := find_faults(objects, outputs):
        hidden = [f"… and {len(faults) - LISTED} more"] if len(faults) > LISTED else []
        sys.exit("\n".join([*faults[:LISTED], *hidden, ADVICE]))
    return subprocess.run([*dvc, "checkout", *arguments.stages], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
