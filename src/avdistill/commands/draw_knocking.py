"""`avdistill draw-knocking`: the same sound from three subjects."""

from argparse import ArgumentParser, Namespace

from avdistill.options.figures import add_recording_options

SUMMARY = "draw spectrograms of knocking by three subjects in the third scenario"
EXAMPLE = (
    "avdistill draw-knocking --dataset results/dataset.json --records results/records/manifest.csv "
    "--seed 0 --output knocking.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_recording_options(parser, draws="the subjects")


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.knocking import choose_knocking, draw_knocking
    from avdistill.figures.spectrograms import read_loudest
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    chosen = choose_knocking(dataset, seed=arguments.seed)
    levels = [read_loudest(records, dataset, one) for one in chosen]
    save_figure(draw_knocking(levels, chosen, dataset), arguments.output)
