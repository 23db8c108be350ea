"""`avdistill search-grid`: one slice of a student's grid, in one process."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.training import (
    add_data_options,
    add_fitting_options,
    add_gpu_option,
    add_precision_option,
    add_run_options,
    check_inputs,
    check_supervision,
    identity_of,
    positive,
    rate,
    whole,
)

SUMMARY = "train a student for every cell of a slice of the grid; test data stay unread"
EXAMPLE = (
    "avdistill search-grid --dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --split results/splits/all.csv "
    "--statistics results/statistics/all.npz --student hearnet --supervision dualcamnet "
    "--soft-labels results/soft_labels/all/dualcamnet/seed0.parquet --scope all --seed 0 "
    "--learning-rates 1e-3 1e-4 --temperatures 1 2 5 10 --imitations 0.25 0.5 0.75 1 "
    "--slice 0 --slices 1 --epochs 100 "
    "--output results/students/all/hearnet/dualcamnet/seed0/grid/slice0"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data_options(parser, statistics=True)
    parser.add_argument("--student", required=True, help="the student, such as hearnet")
    parser.add_argument(
        "--supervision",
        required=True,
        help="ground_truth, or the teacher or ensemble of the soft labels",
    )
    parser.add_argument("--soft-labels", type=Path, help="Parquet file, unless ground_truth")
    add_run_options(parser)
    parser.add_argument("--learning-rates", nargs="+", type=rate, default=[], help="Adam's")
    parser.add_argument("--temperatures", nargs="+", type=float, default=[], help="T of distilling")
    parser.add_argument("--imitations", nargs="+", type=float, default=[], help="λ, from 0 to 1")
    parser.add_argument(
        "--cells-from", type=Path, help="another grid.csv, whose best cell is the only one tried"
    )
    parser.add_argument(
        "--loss",
        choices=("generalized", "hinton"),
        default="generalized",
        help="distillation loss: the paper's, or Hinton's (default: generalized)",
    )
    parser.add_argument(
        "--initial-weights-file",
        type=Path,
        help="published SoundNet weights to start from (.t7 or .npz); of soundnet only",
    )
    parser.add_argument("--initial-weights-sha256", help="sha256 of that file")
    parser.add_argument(
        "--batch-norm-decay",
        type=rate,
        help="decay of the batch-norm statistics; of soundnet only (default: 0.999)",
    )
    parser.add_argument("--slice", type=whole, default=0, help="which slice, from 0 (default: 0)")
    parser.add_argument("--slices", type=positive, default=1, help="how many (default: 1)")
    add_fitting_options(parser)
    add_gpu_option(parser)
    add_precision_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="folder to write")


def run(arguments: Namespace) -> None:
    """Search one slice."""
    from avdistill.errors import InputError
    from avdistill.networks.registry import network_spec

    spec = network_spec(arguments.student, "student")
    check_inputs(arguments, spec)
    check_supervision(arguments.supervision)
    distilled = arguments.supervision != "ground_truth"
    if distilled != (arguments.soft_labels is not None):
        raise InputError("--soft-labels belongs to a teacher's supervision, and only to that")
    if (arguments.initial_weights_file is None) != (arguments.initial_weights_sha256 is None):
        raise InputError("--initial-weights-file and --initial-weights-sha256 belong together")
    start = (arguments.initial_weights_file, arguments.batch_norm_decay)
    if spec.name != "soundnet" and start != (None, None):
        raise InputError(
            f"--initial-weights-file and --batch-norm-decay are soundnet's; {spec.name} has neither"
        )

    from avdistill.results.grid import cell_of, grid_cells, read_cells, slice_of, winner

    values = (arguments.learning_rates, arguments.temperatures, arguments.imitations)
    if arguments.cells_from is None:
        cells = grid_cells(arguments.supervision, *values)
    elif any(values):
        raise InputError("--cells-from takes the place of --learning-rates and the like")
    else:
        cells = [cell_of(winner(read_cells(arguments.cells_from)))]
        if distilled != (cells[0].temperature is not None):
            raise InputError(f"{arguments.cells_from}: is of another supervision")
    slice_cells = slice_of(cells, arguments.slice, arguments.slices)

    from avdistill.examples.determinism import configure as start_tensorflow

    gpus = start_tensorflow(arguments.seed, arguments.tensorflow_threads, gpus=arguments.gpus)

    from avdistill.examples.crop_examples import (
        evaluation_examples,
        open_scope_data,
        training_examples,
    )
    from avdistill.records.statistics import read_statistics
    from avdistill.results.soft_labels import (
        TeacherLogits,
        check_split,
        read_soft_labels,
        read_teacher,
    )
    from avdistill.training.devices import Devices
    from avdistill.training.live import Watching
    from avdistill.training.starting import Start
    from avdistill.training.students import search_slice

    material = open_scope_data(
        arguments.dataset,
        arguments.records,
        arguments.manifest,
        arguments.split,
        scope=arguments.scope,
        statistics=arguments.statistics and read_statistics(arguments.statistics),
    )
    teacher = None
    if distilled:
        table = read_soft_labels(arguments.soft_labels, material.num_classes)
        check_split(table, material.split, arguments.soft_labels)
        initial_weights = read_teacher(arguments.soft_labels).initial_weights
        teacher = TeacherLogits(table, arguments.soft_labels, initial_weights)
    search_slice(
        spec,
        material.num_classes,
        slice_cells,
        of=len(cells),
        training=training_examples(
            material,
            spec,
            crop_seed=arguments.crop_seed,
            crops_per_sequence=arguments.crops_per_sequence,
            fresh=arguments.fresh_crops,
            cache=arguments.cache,
        ),
        validation=evaluation_examples(material, spec, "validation", cache=arguments.cache),
        teacher=teacher,
        loss=arguments.loss,
        start=Start(
            arguments.initial_weights_file,
            arguments.initial_weights_sha256,
            arguments.batch_norm_decay,
        ),
        seed=arguments.seed,
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        identity=identity_of(arguments, spec.name),
        title=f"{spec.name} from {arguments.supervision}, scope {arguments.scope}, "
        f"seed {arguments.seed}",
        output=arguments.output,
        devices=Devices(gpus, arguments.mixed_precision),
        watching=Watching(arguments.live, arguments.tensorboard),
    )
