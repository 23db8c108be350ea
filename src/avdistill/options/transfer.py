"""Options of the transfers."""

from avdistill.options.command import TENSORFLOW_THREADS, odd, option, path_option, whole

TRANSFER_OPTIONS = (
    path_option(
        "--models",
        nargs="+",
        metavar="FOLDER",
        help="folders of trained students, all of one network",
    ),
    option(
        "--neighbours",
        required=True,
        nargs="+",
        type=odd,
        metavar="K",
        help="odd values of k, of which the best on validation is used",
    ),
    TENSORFLOW_THREADS,
)
EVALUATION_SEED = option(
    "--evaluation-seed", required=True, type=whole, help="seed of the intervals"
)
