"""`avdistill evaluate-scope`: a trained network on the test sequences of another scope."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.training.options import add_data_options, add_thread_option

SUMMARY = "predict another scope's test crops, recordings that the network has seen left out"
EXAMPLE = (
    "avdistill evaluate-scope --model results/teachers/all/dualcamnet/seed0 "
    "--dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --split results/splits/scenario1.csv "
    "--seen results/splits/all.csv --target scenario1 "
    "--output results/teachers/all/dualcamnet/seed0/predictions_scenario1.parquet"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--model", required=True, type=Path, help="folder of a trained network")
    add_data_options(parser)
    parser.add_argument(
        "--seen",
        required=True,
        nargs="+",
        type=Path,
        help="splits of the scopes that the network and its teacher were trained on (CSV): "
        "nothing of their training and validation parts is tested on",
    )
    parser.add_argument("--target", required=True, help="scope of --split, such as scenario1")
    add_thread_option(parser)
    parser.add_argument(
        "--output", required=True, type=Path, help="predictions_TARGET.parquet to write"
    )


def run(arguments: Namespace) -> None:
    """Predict what is left of the target's test split; nothing left gives an empty table."""
    from avdistill.errors import InputError

    if arguments.output.name != f"predictions_{arguments.target}.parquet":
        raise InputError(
            f"{arguments.output}: the table across scopes reads the target from the file's name; "
            f"call it predictions_{arguments.target}.parquet"
        )

    from avdistill.training.determinism import configure as start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.crossing import check_classes, check_seen, unseen_test_sequences
    from avdistill.evaluation.predictions import no_predictions, write_predictions
    from avdistill.networks.model_directory import card_statistics, open_model_directory
    from avdistill.records.crops import evaluation_crops
    from avdistill.records.splits import read_split
    from avdistill.training.examples import open_material
    from avdistill.training.predicting import predict_crops

    model, spec, card = open_model_directory(arguments.model)
    material = open_material(
        arguments.dataset,
        arguments.records,
        arguments.manifest,
        arguments.split,
        arguments.target,
        card_statistics(card),
    )
    check_classes(card, material.dataset, arguments.model)
    seen = [read_split(path) for path in arguments.seen]
    check_seen(material.dataset, card["scope"], seen)
    crops = evaluation_crops(
        unseen_test_sequences(material.split, seen),
        material.dataset.sequence_seconds,
        spec.length_seconds,
    )
    if crops:
        predictions = predict_crops(model, spec, material.records, crops, material.statistics)
    else:
        predictions = no_predictions(material.num_classes, frame_wise=spec.frame_wise)
    write_predictions(arguments.output, predictions)
