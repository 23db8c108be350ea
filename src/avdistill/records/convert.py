"""From the raw layout to records, one file per second (supplement, section 1)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from avdistill.avia.raw_layout import find_sequence, parse_acoustic, parse_audio
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import FRAME_SHAPE, FRAMES_PER_SECOND, SequenceId
from avdistill.errors import InputError, explain_errors, refuse
from avdistill.files.atomic import atomic_directory
from avdistill.files.manifest import ManifestRow, describe_file
from avdistill.records.schema import encode_second, record_path
from avdistill.records.tfrecord import compress_record


class Conversion(NamedTuple):
    """The settings that the conversions of all sequences share.

    Attributes
    ----------
    trees : folders of the raw files.
    records : folder to write into.
    raw_files : rows of the raw manifest, by file.
    modalities : any of `acoustic`, `audio`, `video`.
    microphones : numbers, from 0, of those to keep.
    seconds : of a converted sequence.
    """

    trees: RawTrees
    records: Path
    raw_files: dict[str, ManifestRow]
    modalities: Sequence[str]
    microphones: Sequence[int]
    seconds: int


def convert_sequence(conversion: Conversion, sequence: SequenceId) -> list[ManifestRow]:
    """Convert one sequence; its folder of records appears whole or not at all.

    A sequence shorter than `conversion.seconds` starts over from its first frame. The end of a
    longer one is neither read nor converted.

    Returns
    -------
    A row per record.

    Raises
    ------
    InputError : a modality is missing, modalities differ in their numbers of frames, or a raw
        file is not what the manifest says or not what the layout asks for.
    """
    frames = _find_frames(conversion, sequence)
    rows = []
    with atomic_directory(conversion.records / sequence.name) as folder:
        for second in range(conversion.seconds):
            steps = range(second * FRAMES_PER_SECOND, (second + 1) * FRAMES_PER_SECOND)
            contents = {
                modality: [_read_frame(conversion, modality, paths[i % len(paths)]) for i in steps]
                for modality, paths in frames.items()
            }
            data = compress_record(encode_second(sequence, **contents))
            file = record_path(sequence.name, second)
            (folder / Path(file).name).write_bytes(data)
            rows.append(describe_file(sequence.name, file, data))
    return rows


def _find_frames(conversion: Conversion, sequence: SequenceId) -> dict[str, list[Path]]:
    found = find_sequence(conversion.trees, sequence)
    frames = {modality: found[modality] for modality in conversion.modalities}
    numbers = {modality: len(paths) for modality, paths in frames.items()}
    counted = ", ".join(f"{number} of {modality}" for modality, number in numbers.items())
    differ = f"raw files below {conversion.trees} differ in number ({counted})"
    or_name = "or name it among those the data set lacks"
    none = f"has no raw files below {conversion.trees}"
    cases = [
        (not any(numbers.values()), f"{none}; get the sequence, {or_name}"),
        (len(set(numbers.values())) != 1, f"{differ}; get the sequence again, {or_name}"),
    ]
    refuse(sequence.name, cases)
    return frames


def _read_frame(conversion: Conversion, modality: str, path: Path) -> Any:
    """Check that a raw file is the one its manifest lists, and return its content."""
    expected = conversion.raw_files.get(conversion.trees.name_of(modality, path))
    if expected is None:
        raise InputError(f"{path}: not in the raw manifest; run the rule that makes the raw data")
    data = path.read_bytes()
    if describe_file(expected.sequence, expected.file, data) != expected:
        raise InputError(
            f"{path}: differs from the raw manifest in size or content; get or simulate the "
            "sequence again"
        )
    if modality == "audio":
        return parse_audio(data, path, conversion.microphones)
    return (parse_acoustic if modality == "acoustic" else _check_frame)(data, path)


def _check_frame(data: bytes, path: Path) -> bytes:
    """Return the frame's bytes as they are, if its header is that of a JPEG of 640x480.

    Decoding the frame as well would double the conversion's time, and check-raw has done so.
    """
    from PIL import Image  # noqa: PLC0415, only video needs it

    with (
        explain_errors(path, {OSError: "not a JPEG ({error}); get it again"}),
        Image.open(io.BytesIO(data), formats=["JPEG"]) as image,
    ):
        width, height = image.size
    rows, columns, _ = FRAME_SHAPE
    if (width, height) != (columns, rows):
        raise InputError(f"{path}: is {width}x{height}, not {columns}x{rows}; get it again")
    return data
