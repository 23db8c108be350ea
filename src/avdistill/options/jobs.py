"""Options of the jobs that train: their settings, their input files, and how to run them."""

from avdistill.options.command import Option, option, path_option
from avdistill.options.files import DATASET, RECORDS
from avdistill.records.temporary import CACHES

DATA = ("dataset", "records", "split")  # roles of the files that nearly all jobs take

SPLIT = path_option("--split", help="split of the scope (CSV)")
STATISTICS = path_option(
    "--statistics",
    required=False,
    help="bounds of the scope's spectrograms; for networks that take spectrograms",
)
FEATURES = path_option(
    "--features",
    required=False,
    help="manifest.csv of a backbone's features, in its folder; for networks that take video",
)
OUTPUT_FOLDER = path_option("--output", help="folder to write")


def _optional(needed: Option) -> Option:
    return option(*needed.names, **needed.keywords | {"required": False})


JOB_OPTIONS = (
    option(
        "--settings",
        metavar="JSON",
        help="all that decides the result, as one JSON object or the path of a JSON file; "
        "docs/architecture.md lists the keys",
    ),
    path_option(
        "--run",
        required=False,
        dest="run_file",
        metavar="RUN.JSON",
        help="take settings and input files from the run.json of an earlier job, to repeat it; "
        "other options take precedence",
    ),
    *map(_optional, (DATASET, RECORDS, SPLIT)),
)
# How a training runs, on which no result depends.
LOG_OPTIONS = (
    path_option(
        "--live",
        required=False,
        metavar="FOLDER",
        help="folder for this run alone, where DVCLive logs every epoch as soon as it ends "
        "(default: no such log)",
    ),
    path_option(
        "--tensorboard",
        required=False,
        metavar="FOLDER",
        help="folder for this run alone, where the same is logged for TensorBoard (default: no "
        "such log)",
    ),
)
EXECUTION_OPTIONS = (
    option(
        "--cache",
        choices=CACHES,
        default="memory",
        help="where decoded acoustic images are kept between epochs: in memory, on disk below "
        "TMPDIR, or nowhere (default: memory)",
    ),
    *LOG_OPTIONS,
)
