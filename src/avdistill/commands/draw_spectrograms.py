"""`avdistill draw-spectrograms`: an example spectrogram of each class."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET, FIGURE, RECORDS

COMMAND = Command(
    summary="draw the spectrogram of one training crop of each class, from the first scenario",
    example="avdistill draw-spectrograms --dataset results/dataset.json "
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--seed 0 --output spectrograms.png",
    options=(
        DATASET,
        RECORDS,
        option("--seed", required=True, type=int, help="draws each class's crop"),
        FIGURE,
        path_option("--split", help="split whose training part is used"),
    ),
)


def run(arguments: Namespace) -> None:
    """Draw the examples and their spectrograms."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.spectrograms import (
        crop_seconds,
        draw_examples,
        draw_spectrograms,
        read_levels,
    )
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder
    from avdistill.records.splits import read_split

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    crops = draw_examples(dataset, read_split(arguments.split), seed=arguments.seed)
    seconds = crop_seconds(dataset)
    levels = [crop and read_levels(records, crop, seconds) for crop in crops]
    save_figure(draw_spectrograms(levels, dataset), arguments.output)
