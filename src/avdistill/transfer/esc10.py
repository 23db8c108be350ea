"""ESC-10: its clips, in ESC-10's own layout or marked in the table of ESC-50.

Source: K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", ACM Multimedia 2015.
Ten classes in five folds; clips that were cut from one source recording are in one fold, so that
no recording is in training and in test.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, filled, read_columns
from avdistill.transfer.clips import (
    Clip,
    clip_table,
    divided_origin,
    folder_and_only_one_in_it,
    read_list,
)

FOLDS = (1, 2, 3, 4, 5)
NUM_CLASSES = 10

_CLASS_FOLDER = re.compile(r"\d{3} - (.+)")
_CLIP_FILE = re.compile(r"(\d+)-(\d+)-[A-Z]\.(?:ogg|wav|flac)")
_ESC50 = Path("meta") / "esc50.csv"
_ESC50_TABLE = CsvTable(
    "table of ESC-50's clips",
    {"filename": filled, "fold": int, "category": filled, "esc10": str, "src_file": filled},
    "get it again",
)


# A clip's part is the number of its fold, from 1, its origin the recording that it was cut from.
CLIPS = clip_table("fold", int, "source")


def find_clips(folder: Path) -> tuple[Path, list[Clip]]:
    """List the clips of a folder in either layout, or of the single folder within it.

    Layouts: `001 - Dog bark/FOLD-SOURCE-TAKE.ogg`, or ESC-50's `meta/esc50.csv` and `audio/`, of
    which the clips marked `esc10` are taken.

    Returns
    -------
    The folder that the clips' paths are relative to, and the clips sorted by path.

    Raises
    ------
    InputError : there is no such folder, it has neither layout, or `check_clips` refuses it.
    """
    for root in folder_and_only_one_in_it(folder, "ESC-10 or ESC-50"):
        if (root / _ESC50).is_file():
            clips = sorted(_clips_of_esc50(root))
        elif any(_CLASS_FOLDER.fullmatch(path.name) for path in root.iterdir()):
            clips = sorted(_clips_of_esc10(root))
        else:
            continue
        check_clips(clips, root)
        return root, clips
    raise InputError(
        f"{folder}: neither ESC-10's layout (folders such as `001 - Dog bark`) nor ESC-50's "
        "(`meta/esc50.csv` and `audio`); name the folder that holds one of them"
    )


def check_clips(clips: Sequence[Clip], source: Path | str) -> None:
    """Check that clips make up five folds of ten classes that share no source recording.

    Raises
    ------
    InputError : a fold or a class is missing, a class is missing from a fold, or one recording's
        clips are in two folds.
    """
    present = {(clip.part, clip.category) for clip in clips}
    folds = sorted({fold for fold, _ in present})
    categories = sorted({category for _, category in present})
    absent = [(f, c) for f in FOLDS for c in categories if (f, c) not in present]
    if divided := divided_origin(clips):
        problem = (
            f"clips of the recording {divided[0]} are in folds {divided[1]}, but must be in one"
        )
    elif folds != list(FOLDS):
        problem = f"folds are {folds}, not {list(FOLDS)}"
    elif len(categories) != NUM_CLASSES:
        problem = f"{len(categories)} classes ({', '.join(categories)}), not {NUM_CLASSES}"
    elif absent:
        problem = f"fold {absent[0][0]} has no clip of {absent[0][1]!r}"
    else:
        return
    raise InputError(f"{source}: not ESC-10: {problem}; get it again")


def read_clips(path: Path) -> list[Clip]:
    """Read the list that fetch-esc10 wrote, and check it as `check_clips` does.

    Raises
    ------
    InputError : the file is missing or is not such a list, or `check_clips` refuses it.
    """
    return read_list(path, CLIPS, check_clips)


def _clips_of_esc10(root: Path) -> Iterable[Clip]:
    for path in sorted(root.glob("*/*")):
        category = _CLASS_FOLDER.fullmatch(path.parent.name)
        if not category or path.name.startswith("."):  # left by file managers
            continue
        if not (name := _CLIP_FILE.fullmatch(path.name)):
            raise InputError(
                f"{path}: not named FOLD-SOURCE-TAKE.ogg like ESC-10's clips; take it away"
            )
        file = path.relative_to(root).as_posix()
        yield Clip(file, category.group(1), int(name.group(1)), name.group(2))


def _clips_of_esc50(root: Path) -> Iterable[Clip]:
    path = root / _ESC50
    for row in read_columns(path, _ESC50_TABLE):
        if row["esc10"].strip().lower() != "true":
            continue
        if Path(row["filename"]).name != row["filename"]:
            raise _ESC50_TABLE.error(path, f"{row['filename']!r} is not a plain name")
        category = row["category"].replace("_", " ")
        yield Clip(f"audio/{row['filename']}", category, row["fold"], row["src_file"])
