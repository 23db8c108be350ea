"""`avdistill draw-scenes`: what is to be seen in each scenario."""

from argparse import ArgumentParser, Namespace

from avdistill.options.figures import add_recording_options

SUMMARY = (
    "draw a frame of three actions in each scenario: stick dropping, clicking, plastic crumpling"
)
EXAMPLE = (
    "avdistill draw-scenes --dataset results/dataset.json --records results/records/manifest.csv "
    "--seed 0 --output scenes.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_recording_options(parser, draws="the subjects")


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.scenes import choose_scenes, draw_scenes, read_scene
    from avdistill.figures.style import save_figure
    from avdistill.records.schema import records_folder

    dataset = DatasetDescription.read(arguments.dataset)
    records = records_folder(arguments.records)
    scenes = choose_scenes(dataset, seed=arguments.seed)
    frames = [[read_scene(records, dataset, one) for one in row] for row in scenes]
    save_figure(draw_scenes(frames, scenes, dataset), arguments.output)
