"""TUT Urban Acoustic Scenes 2018, development data set: DCASE 2018's task 1A, its layout and fold.

Source: A. Mesaros, T. Heittola, T. Virtanen, "A multi-device dataset for urban acoustic scene
classification", DCASE 2018 Workshop. 8,640 clips of 10 s (48 kHz, 24 bits, stereo) of ten scenes
in six cities; the official fold trains on 6,122 and evaluates on the other 2,518. Nothing recorded
in one place is in both.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, filled, read_csv
from avdistill.transfer.clips import (
    Clip,
    clip_table,
    divided_origin,
    folder_and_only_one_in_it,
    read_list,
)

CLIP_WINDOWS = 2  # of five seconds, in a clip of ten
PARTS = ("training", "validation", "test")

_META = "meta.csv"
_TRAINING = Path("evaluation_setup") / "fold1_train.txt"
_EVALUATION = (
    Path("evaluation_setup") / "fold1_evaluate.txt"
)  # the files of fold1_test.txt, with labels
_META_TABLE = CsvTable(
    "table of clips, with tabs between its cells",
    dict.fromkeys(("filename", "scene_label", "identifier", "source_label"), filled),
    "unpack the archive that ends in meta.zip",
    delimiter="\t",
)
_PART_TABLE = CsvTable(
    "list of clips with a file, a tab and a scene in each line",
    {"file": filled, "scene": filled},
    _META_TABLE.remedy,
    delimiter="\t",
    header=False,
)
_VALIDATION_SHARE = 0.3  # of the training locations, as in DCASE's baseline


# A clip's part is one of `PARTS`, its origin the place of the recording, such as `barcelona-0`.
CLIPS = clip_table("part", str, "location")


def find_clips(folder: Path, validation_seed: int) -> tuple[Path, list[Clip]]:
    """List the clips of the official fold, in a folder or in the one folder within it.

    About 30 % of each scene's training locations are for validation; see `draw_validation`. The
    official evaluation part is the test part.

    Returns
    -------
    The folder that the clips' paths are relative to, and the clips sorted by path.

    Raises
    ------
    InputError : there is no such folder, it has another layout, its files contradict each other,
        a location is in both of the fold's parts, or `check_clips` refuses the division.
    """
    candidates = folder_and_only_one_in_it(folder, "TUT-urban-acoustic-scenes-2018-development")
    root = next((path for path in candidates if (path / _META).is_file()), None)
    if root is None:
        raise InputError(
            f"{folder}: not TUT Urban Acoustic Scenes 2018: has no {_META}; name the folder that "
            "its archives were unpacked to, the one that ends in meta.zip too"
        )
    known = _read_meta(root / _META)
    training, evaluation = (_read_part(root / name, known) for name in (_TRAINING, _EVALUATION))
    if shared := {clip.origin for clip in training} & {clip.origin for clip in evaluation}:
        raise InputError(
            f"{root}: the location {min(shared)} is in both {_TRAINING.name} and "
            f"{_EVALUATION.name}; get them again"
        )
    validating = draw_validation(training, validation_seed, root)
    clips = [
        *(
            clip._replace(part="validation" if clip.origin in validating else "training")
            for clip in training
        ),
        *(clip._replace(part="test") for clip in evaluation),
    ]
    check_clips(clips, root)
    return root, sorted(clips)


def draw_validation(training: Sequence[Clip], seed: int, source: Path | str) -> set[str]:
    """Draw the locations for validation: 30 % of each scene's locations, and at least one.

    DCASE's baseline also divides by location and takes about 30 %, but draws by city. A location
    with several scenes counts for the first of them by name.

    Parameters
    ----------
    seed : seed of the draw. The draw for a scene depends only on the seed and on its locations.
    source : the data set's name in messages.

    Raises
    ------
    InputError : a scene has fewer than two training locations.
    """
    scene_of = {clip.origin: clip.category for clip in sorted(training, reverse=True)}
    drawn = set()
    for scene in dict.fromkeys(scene for _, scene in sorted(scene_of.items())):
        names = sorted(location for location in scene_of if scene_of[location] == scene)
        if len(names) < 2:
            raise InputError(
                f"{source}: {scene} was recorded in one training location only ({names[0]}); "
                "two are needed, for one is to validate"
            )
        number = max(1, round(_VALIDATION_SHARE * len(names)))
        order = np.random.default_rng([seed, *scene.encode()]).permutation(len(names))
        drawn |= {names[i] for i in order[:number]}
    return drawn


def check_clips(clips: Sequence[Clip], source: Path | str) -> None:
    """Check that each of the three parts has every scene, and that parts share no location.

    Raises
    ------
    InputError : a part or a scene in it is missing, or a location is in two parts.
    """
    if divided := divided_origin(clips):
        raise InputError(
            f"{source}: the location {divided[0]} is in {divided[1]}, but must be in one part; "
            "fetch the data set again"
        )
    present = {(clip.part, clip.category) for clip in clips}
    scenes = sorted({clip.category for clip in clips})
    if len(scenes) < 2 or {part for part, _ in present} != set(PARTS):
        raise InputError(
            f"{source}: needs two scenes or more, in {', '.join(PARTS)}; fetch the data set again"
        )
    for part in PARTS:
        if absent := [scene for scene in scenes if (part, scene) not in present]:
            raise InputError(f"{source}: no clip of {absent[0]} in {part}; get the data set again")


def read_clips(path: Path) -> list[Clip]:
    """Read the list that fetch-dcase2018 wrote, and check it as `check_clips` does.

    Raises
    ------
    InputError : the file is missing or is not such a list, or `check_clips` refuses it.
    """
    return read_list(path, CLIPS, check_clips)


def _read_meta(path: Path) -> dict[str, Clip]:
    """Return the clips of meta.csv by file; they are in no part yet."""
    clips: dict[str, Clip] = {}
    for file, scene, location, _ in read_csv(path, _META_TABLE):
        if (parts := file.split("/"))[:-1] != ["audio"] or parts[-1] in ("", ".", ".."):
            raise _META_TABLE.error(path, f"{file!r} is not a file in audio")
        if file in clips:
            raise _META_TABLE.error(path, f"{file} is listed twice")
        clips[file] = Clip(file, scene, "", location)
    return clips


def _read_part(path: Path, known: dict[str, Clip]) -> list[Clip]:
    """Return the clips of one file of the fold."""
    clips = {}
    for file, scene in read_csv(path, _PART_TABLE):
        if file not in known or known[file].category != scene:
            raise InputError(
                f"{path}: {file} is {scene} there, but in {_META} it is "
                f"{known[file].category if file in known else 'absent'}; get both again"
            )
        if file in clips:
            raise _PART_TABLE.error(path, f"{file} is listed twice")
        clips[file] = known[file]
    if not clips:
        raise _PART_TABLE.error(path, "it is empty")
    return list(clips.values())
