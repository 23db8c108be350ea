"""`avdistill measure-spectrograms`: how clean, low and regular each recording is."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET, RECORDS

COMMAND = Command(
    summary="measure every sequence's spectrogram: noise, echoes, low frequencies, periodicity",
    example="avdistill measure-spectrograms --dataset results/dataset.json "
    "--records results/records/manifest.csv --output results/claims/spectrograms.csv",
    options=(
        DATASET,
        RECORDS,
        path_option("--output", help="CSV to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Check that records are those of the manifest; measure all sequences."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.spectrogram_measures import COLUMNS, measure_sequences
    from avdistill.evaluation.tables import write_table
    from avdistill.records.statistics import check_listed

    sequences = DatasetDescription.read(arguments.dataset).sequences()
    names = [sequence.name for sequence in sequences]
    check_listed(arguments.records, names)
    write_table(arguments.output, COLUMNS, measure_sequences(arguments.records.parent, sequences))
