"""`avdistill describe-dataset`: write the description of a run's data set."""

import argparse
from pathlib import Path

SUMMARY = "write the description of the data set that every phase agrees on"
EXAMPLE = (
    "avdistill describe-dataset --source AVIA --classes clapping whistling "
    "--scenarios 'anechoic chamber' --subjects 9 --sequence-seconds 30 "
    "--missing Location_01/Subject_03/Action_002 --output results/dataset.json"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--source", required=True, help="simulated, or the name of a real data set such as AVIA"
    )
    parser.add_argument(
        "--classes", nargs="+", required=True, help="class names; their order gives the labels"
    )
    parser.add_argument(
        "--scenarios", nargs="+", required=True, help="scenario names; the first is scenario1"
    )
    parser.add_argument("--subjects", type=int, required=True, help="number of subjects")
    parser.add_argument(
        "--sequence-seconds",
        type=int,
        required=True,
        help="length of every converted sequence",
    )
    parser.add_argument(
        "--missing", nargs="*", default=[], help="names of sequences that the data set lacks"
    )
    parser.add_argument("--output", type=Path, required=True, help="JSON file to write")


def run(arguments: argparse.Namespace) -> None:
    """Write the description."""
    from dataclasses import replace

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.errors import InputError

    for option in ("classes", "scenarios", "missing"):
        values = getattr(arguments, option)
        if len(set(values)) != len(values):
            raise InputError(f"--{option}: holds a value twice; give each once")
    for option in ("subjects", "sequence_seconds"):
        if (value := getattr(arguments, option)) < 1:
            raise InputError(f"--{option.replace('_', '-')}: is {value}; give 1 or more")
    # Parsing changes `Location_1` into `Location_01`.
    missing = [SequenceId.parse(name).name for name in arguments.missing]
    description = DatasetDescription(
        source=arguments.source,
        classes=tuple(arguments.classes),
        scenarios=tuple(arguments.scenarios),
        subjects=arguments.subjects,
        sequence_seconds=arguments.sequence_seconds,
    )
    names = {sequence.name for sequence in description.sequences()}
    if unknown := sorted(set(missing) - names):
        raise InputError(f"--missing: {unknown[0]} is not in the data set anyway; remove it")
    if set(missing) == names:
        raise InputError("--missing: names every sequence of the data set; name fewer")
    replace(description, missing=tuple(sorted(missing))).write(arguments.output)
