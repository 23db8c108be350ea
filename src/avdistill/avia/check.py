"""The check of raw data: it reads every file of every sequence and lists all problems.

AVIA is too large to check by hand. A check that stops at the first problem would have to be
repeated for each of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from avdistill.avia.raw_layout import MODALITIES, find_sequence, frame_number, parse_frame
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, read_csv, write_csv
from avdistill.files.manifest import ManifestRow, describe_file


class Problem(NamedTuple):
    """One problem of a sequence.

    Attributes
    ----------
    sequence : name of the sequence, `Location_01/Subject_03/Action_005`.
    modality : `acoustic`, `audio` or `video`; empty if it is about all of them.
    file : name as in manifests, `sync/Location_1/…`; empty if it is not about one file.
    problem : what is wrong, in words.
    """

    sequence: str
    modality: str
    file: str
    problem: str


_TABLE = CsvTable("table of problems", Problem.__annotations__, "run the rule that makes it")


def check_sequence(
    trees: RawTrees, sequence: SequenceId, modalities: Sequence[str] = MODALITIES
) -> tuple[list[ManifestRow], list[Problem]]:
    """Read every raw file of a sequence; return their manifest rows and all problems.

    Parameters
    ----------
    sequence : the sequence to check.
    modalities : those that the sequence must have; others are not checked.

    Returns
    -------
    rows, problems : a manifest row per file that can be read at all, and all problems:
        a missing modality, differing counts, a gap or a repetition in the numbering, a file that
        is unreadable or has another shape or type, another number of microphones, silence.
    """
    name = sequence.name
    try:
        found = find_sequence(trees, sequence)
    except InputError as error:
        return [], [Problem(name, "", "", str(error))]
    except OSError as error:
        return [], [Problem(name, "", "", f"unreadable folder: {error.strerror}")]
    rows: list[ManifestRow] = []
    problems: list[Problem] = []
    counts = {}
    for modality in modalities:
        files = found[modality]
        counts[modality] = len(files)
        if not files:
            problems.append(Problem(name, modality, "", "missing modality"))
            continue
        numbering = _describe_numbering([frame_number(path) for path in files])
        problems += [Problem(name, modality, "", problem) for problem in numbering]
        levels = []  # for each audio file: number of microphones, whether the first one is silent
        for path in files:
            file = trees.name_of(modality, path)
            try:
                data = path.read_bytes()
                rows.append(describe_file(name, file, data))
                content = parse_frame(modality, data, path)
                if modality == "audio":
                    levels.append((len(content), not np.any(content[0])))
            except OSError as error:
                problems.append(Problem(name, modality, file, f"unreadable: {error.strerror}"))
            except InputError as error:
                problems.append(Problem(name, modality, file, _problem_of(error, path)))
        problems += [Problem(name, modality, "", problem) for problem in _describe_levels(levels)]
    if len(set(counts.values()) - {0}) > 1:
        listed = ", ".join(f"{count} {modality}" for modality, count in counts.items())
        problems.append(Problem(name, "", "", f"differing counts: {listed}"))
    return rows, problems


def _problem_of(error: InputError, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ").removesuffix("; get it again")


def _describe_numbering(numbers: list[int]) -> list[str]:
    """Return problems: which numbers from 1 to the last are missing or come twice, as 3, 7-9."""
    absent = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
    twice = sorted(number for number, count in Counter(numbers).items() if count > 1)
    problems = {
        "numbered from 0 instead of 1": 0 in numbers,
        f"gap in the numbering: {_describe_runs(absent)}": absent,
        f"number given twice: {_describe_runs(twice)}": twice,
    }
    return [problem for problem, is_so in problems.items() if is_so]


def _describe_runs(numbers: list[int]) -> str:
    runs = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        runs.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ", ".join(runs)


def _describe_levels(levels: list[tuple[int, bool]]) -> list[str]:
    microphones = sorted({count for count, _ in levels})
    counts = ", ".join(map(str, microphones))
    problems = {
        f"differing numbers of microphones: {counts}": len(microphones) > 1,
        "silent: every sample of microphone 0 is zero": levels and all(s for _, s in levels),
    }
    return [problem for problem, is_so in problems.items() if is_so]


def write_problems(path: Path, problems: Iterable[Problem]) -> None:
    """Write a table of problems as CSV, in the order of its columns, atomically."""
    write_csv(path, Problem._fields, sorted(problems))


def read_problems(path: Path) -> list[Problem]:
    """Return the problems of a table; raise as `avdistill.files.csv_tables.read_csv`."""
    return [Problem(*row) for row in read_csv(path, _TABLE)]


def describe_check(rows: Iterable[ManifestRow], problems: list[Problem]) -> str:
    """Return the report on the raw data as Markdown, with a table row per kind of problem."""
    broken = {problem.sequence for problem in problems}
    sequences, files, size = set(broken), 0, 0
    for row in rows:  # one by one, since they may be too many for memory
        sequences.add(row.sequence)
        files += 1
        size += row.size
    verdict = f"**{_count_broken(broken)} broken.**" if broken else "No problem was found."
    lines = [
        "# Check of the raw data",
        "",
        f"{len(sequences)} sequences, {files} files, {size} bytes. {verdict}",
    ]
    if problems:
        lines += ["", "| sequence | modality | problem | files | first |", "|---|---|---|---|---|"]
    kinds = sorted(problems, key=lambda problem: (*problem[:2], problem.problem))
    for kind, group in groupby(kinds, key=lambda problem: (*problem[:2], problem.problem)):
        files = [problem.file for problem in group if problem.file]
        # The first by number of the frame, not by name: Data_2 before Data_10.
        first = min(files, key=lambda file: (frame_number(Path(file)), file), default="")
        cells = (kind[0], kind[1] or "all", kind[2], str(len(files) or ""), first)
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def describe_broken(problems: list[Problem], report: Path, tables: Iterable[Path]) -> str:
    """Return one line that says how many sequences are broken, which ones, and what to do."""
    broken = sorted({problem.sequence for problem in problems})
    named = ", ".join(broken[:3]) + (", …" if len(broken) > 3 else "")
    stale = ", ".join(sorted({str(table.parent) for table in tables}))
    return (
        f"{report}: {_count_broken(broken)} broken ({named}); repair the files and delete {stale}, "
        "or list the sequences under dataset.missing, and run again"
    )


def _count_broken(broken: Collection[str]) -> str:
    return "1 sequence is" if len(broken) == 1 else f"{len(broken)} sequences are"
