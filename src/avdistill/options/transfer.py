"""Options of the transfers."""

from avdistill.options.command import option, path_option
from avdistill.options.numbers import TENSORFLOW_THREADS, odd, whole

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
INTERVALS_SEED = option(
    "--evaluation-seed", required=True, type=whole, help="seed of the intervals"
)
