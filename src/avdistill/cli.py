"""`avdistill VERB`: one verb per rule of the workflow, and a few for direct use.

Each verb is a module of `avdistill.commands` with `COMMAND`, its texts and its options as data
(`avdistill.options.command`), and `run(arguments)`. Only `run` imports TensorFlow and other large
packages.
"""

import argparse
import errno
import importlib
import os
import pkgutil
import sys

from avdistill import __version__, commands
from avdistill.errors import InputError
from avdistill.options.command import Command

_FULL = "nothing half-written was kept: free some space and run again"
_FORBIDDEN = "allow it for this user, or name another path"
_ANOTHER_KIND = "a file is where a folder should be, or a folder where a file: name another path"
_FIXES = {
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: "nothing can be written there: name another path",
    errno.EEXIST: _ANOTHER_KIND,
    errno.EISDIR: _ANOTHER_KIND,
    errno.ENOTDIR: _ANOTHER_KIND,
}


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
        module = importlib.import_module(f"{commands.__name__}.{module_info.name}")
        verb = verbs.add_parser(
            module_info.name.replace("_", "-"),
            help=module.COMMAND.summary,
            description=module.COMMAND.summary,
            epilog=f"example: {module.COMMAND.example}",
        )
        add_options(verb, module.COMMAND)
        verb.set_defaults(run=module.run)
    return parser


def add_options(parser: argparse.ArgumentParser, command: Command) -> None:
    """Add a command's options to its parser."""
    if command.one_of:
        group = parser.add_mutually_exclusive_group(required=True)
        for names, keywords in command.one_of:
            group.add_argument(*names, **keywords)
    for names, keywords in command.options:
        parser.add_argument(*names, **keywords)


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return the exit status, 0, or 1 after a problem that the user can solve."""
    # TensorFlow, if the verb needs it, shows only warnings and errors.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    arguments = build_parser().parse_args(argv)
    try:
        arguments.run(arguments)
        print(end="", flush=True)  # at Python's own flush, at the end, it would be too late
    except InputError as error:
        message = str(error)
    except BrokenPipeError:  # a reader such as `head` has enough
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())  # for Python's own flush at the end
        return 1
    except OSError as error:
        if error.errno not in _FIXES:
            raise
        # If there are two names, the second is the file that was to be written.
        path = error.filename2 or error.filename or "output"
        message = f"{path}: {error.strerror}; {_FIXES[error.errno]}"
    else:
        return 0
    print(f"avdistill {arguments.verb}: error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
