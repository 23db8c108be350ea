"""`avdistill predict`: a student's predictions for sound files."""

from argparse import Namespace
from pathlib import Path

from avdistill.options.command import Command, option, path_option
from avdistill.options.numbers import TENSORFLOW_THREADS

COMMAND = Command(
    summary="print a student's predictions for sound files, window by window, as CSV",
    example="avdistill predict "
    "--model results/students/all/hearnet/ground_truth/seed0 clip.wav other.wav",
    options=(
        path_option("--model", help="folder of a trained student"),
        option(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="sound files of any sample rate; consecutive windows of 5 s; the last one is "
            "filled by repeating it, or left out if shorter than 1 s",
        ),
        TENSORFLOW_THREADS,
    ),
)


def run(arguments: Namespace) -> None:
    """Print one row per window: file, start second, best class, probability of every class."""
    import csv
    import sys

    from avdistill.examples.tensorflow_start import start_tensorflow
    from avdistill.results.model_folder import open_model_directory, read_model_description

    read_model_description(arguments.model)  # before TensorFlow starts, which takes seconds
    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.examples.listening import predict_files

    model, _, description = open_model_directory(arguments.model)
    rows = predict_files(model, description, arguments.files)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "start", "class", *description["classes"]])
    for file, start, probabilities in rows:
        best = description["classes"][int(probabilities.argmax())]
        writer.writerow([file, start, best, *(f"{value:.4f}" for value in probabilities)])
