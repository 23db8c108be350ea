"""`avdistill draw-similar-actions`: what looks alike and sounds different."""

from argparse import ArgumentParser, Namespace

from avdistill.options.figures import add_recording_options

SUMMARY = (
    "draw actions that look alike, each frame above its spectrogram, with two subjects outdoors"
)
EXAMPLE = (
    "avdistill draw-similar-actions --dataset results/dataset.json "
    "--records results/records/manifest.csv --seed 0 --output similar_actions.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_recording_options(parser, draws="the subjects")


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.similar_actions import (
        choose_similar_actions,
        draw_similar_actions,
        read_example,
    )
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    chosen = choose_similar_actions(dataset, seed=arguments.seed)
    examples = [[read_example(records, dataset, one) for one in row] for row in chosen]
    save_figure(draw_similar_actions(examples, chosen, dataset), arguments.output)
