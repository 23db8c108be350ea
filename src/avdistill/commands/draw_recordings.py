"""`avdistill draw-recordings`: frames and spectrograms of the data set."""

from argparse import Namespace

from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.options.command import Command, option
from avdistill.options.files import DATASET, FIGURE, RECORDS

COMMAND = Command(
    summary="draw a figure of recordings of the paper's supplement, 1 to 4",
    example="avdistill draw-recordings --figure 1 --dataset results/dataset.json "
    "--records results/records/manifest.csv --seed 0 --output figure01.png",
    options=(
        option(
            "--figure",
            required=True,
            type=int,
            choices=RECORDING_FIGURES,
            help="its number there ("
            + "; ".join(f"{number}: {figure.shows}" for number, figure in RECORDING_FIGURES.items())
            + ")",
        ),
        DATASET,
        RECORDS,
        option("--seed", required=True, type=int, help="draws the subjects"),
        FIGURE,
    ),
)


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.recording_panels import draw_recordings
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    figure = draw_recordings(arguments.figure, records, dataset, seed=arguments.seed)
    save_figure(figure, arguments.output)
