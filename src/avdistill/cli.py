"""`avdistill VERB`: one verb per rule of the workflow, and a few for direct use.

Each verb is a module of `avdistill.commands` with `SUMMARY`, `EXAMPLE`, `configure(parser)` and
`run(arguments)`. TensorFlow and the like are imported by `run` only.
"""

import argparse
import errno
import importlib
import os
import pkgutil
import sys

from avdistill import __version__, commands
from avdistill.errors import InputError


def build_parser() -> argparse.ArgumentParser:
    """Build the parser from the modules of `avdistill.commands`."""
    parser = argparse.ArgumentParser(
        prog="avdistill",
        description="Audio-visual model distillation using acoustic images. "
        "`snakemake` runs the verbs in order; each also works alone.",
        epilog="example: avdistill predict --model results/students/all/hearnet/ground_truth/seed0 "
        "clip.wav",
    )
    parser.add_argument("--version", action="version", version=f"avdistill {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for module_info in pkgutil.iter_modules(commands.__path__):
        command = importlib.import_module(f"{commands.__name__}.{module_info.name}")
        verb = verbs.add_parser(
            module_info.name.replace("_", "-"),
            help=command.SUMMARY,
            description=command.SUMMARY,
            epilog=f"example: {command.EXAMPLE}",
        )
        command.configure(verb)
        verb.set_defaults(run=command.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return the exit status: 0, or 1 after a problem that the user can mend."""
    # TensorFlow, if the verb needs it, says only what is wrong.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    arguments = build_parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except InputError as error:
        print(f"avdistill {arguments.verb}: error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        print(
            f"avdistill {arguments.verb}: error: {error.filename or 'output'}: {error.strerror}; "
            "nothing half-written was kept: free some space and run again",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
