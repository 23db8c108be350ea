"""`avdistill draw-actions-by-scenario`: what scenarios do to sounds."""

from argparse import ArgumentParser, Namespace

from avdistill.options.figures import add_recording_options

SUMMARY = "draw spectrograms of three actions by one subject in each scenario"
EXAMPLE = (
    "avdistill draw-actions-by-scenario --dataset results/dataset.json "
    "--records results/records/manifest.csv --seed 0 --output actions_by_scenario.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_recording_options(parser, draws="the subjects")


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.actions_by_scenario import (
        choose_actions_by_scenario,
        draw_actions_by_scenario,
    )
    from avdistill.figures.spectrograms import read_loudest
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    chosen = choose_actions_by_scenario(dataset, seed=arguments.seed)
    levels = [[read_loudest(records, dataset, one) for one in row] for row in chosen]
    save_figure(draw_actions_by_scenario(levels, chosen, dataset), arguments.output)
