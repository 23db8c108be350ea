"""`avdistill describe-dataset`: write the description of a run's data set."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option

COMMAND = Command(
    summary="write the description of the data set that every phase agrees on",
    example="avdistill describe-dataset --source AVIA --classes clapping whistling "
    "--scenarios 'anechoic chamber' --subjects 9 --sequence-seconds 30 "
    "--missing Location_01/Subject_03/Action_002 --output results/dataset.json",
    options=(
        option(
            "--source", required=True, help="simulated, or the name of a real data set such as AVIA"
        ),
        option(
            "--classes", nargs="+", required=True, help="class names; their order gives the labels"
        ),
        option(
            "--scenarios", nargs="+", required=True, help="scenario names; the first is scenario1"
        ),
        option("--subjects", type=int, required=True, help="number of subjects"),
        option(
            "--sequence-seconds", type=int, required=True, help="length of every converted sequence"
        ),
        option(
            "--missing", nargs="*", default=[], help="names of sequences that the data set lacks"
        ),
        path_option("--output", help="JSON file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Write the description."""
    from dataclasses import replace

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.errors import InputError

    for name in ("classes", "scenarios", "missing"):
        values = getattr(arguments, name)
        if len(set(values)) != len(values):
            raise InputError(f"--{name}: holds a value twice; give each once")
    for name in ("subjects", "sequence_seconds"):
        if (value := getattr(arguments, name)) < 1:
            raise InputError(f"--{name.replace('_', '-')}: is {value}; give 1 or more")
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
