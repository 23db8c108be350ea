"""What a command declares."""

import shlex
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

import pytest

from avdistill.cli import add_options, build_parser
from avdistill.commands import compute_features
from avdistill.options.command import Command, option, path_option
from avdistill.options.numbers import odd, positive, whole


@pytest.mark.parametrize(("read", "least"), [(positive, 1), (whole, 0)])
def test_a_whole_number_is_read(read, least):
    assert read(str(least)) == least
    assert read("12") == 12


def test_an_odd_number_is_read_and_an_even_one_refused():
    assert odd("7") == 7
    with pytest.raises(ArgumentTypeError, match="'8' is not odd"):
        odd("8")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "x", "0"])
def test_another_number_than_a_positive_one_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="is not a whole number from 1"):
        positive(text)
    if text != "0":
        with pytest.raises(ArgumentTypeError, match="is not a whole number from 0"):
            whole(text)


def test_threads_and_gpus_have_defaults():
    words = shlex.split(compute_features.COMMAND.example)[1:]
    arguments = build_parser().parse_args(words)
    assert (arguments.tensorflow_threads, arguments.gpus) == (2, 0)
    arguments = build_parser().parse_args([*words, "--tensorflow-threads", "1", "--gpus", "4"])
    assert (arguments.tensorflow_threads, arguments.gpus) == (1, 4)


@pytest.fixture
def parser():
    """A parser of a command with one option of each kind."""
    parser = ArgumentParser()
    options = (path_option("--input"), path_option("--extra", required=False), option("--word"))
    one_of = (option("--folder"), option("--address"))
    add_options(parser, Command("", "", options, one_of=one_of))
    return parser


def test_paths_are_paths_and_needed_unless_they_say_otherwise(parser, capsys):
    parsed = parser.parse_args(["--input", "a/b", "--folder", "c"])
    given = {"input": Path("a/b"), "extra": None, "word": None, "folder": "c", "address": None}
    assert vars(parsed) == given
    with pytest.raises(SystemExit):
        parser.parse_args(["--folder", "c"])
    assert "required: --input" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "one of the arguments --folder --address is required"),
        (["--folder", "c", "--address", "d"], "argument --address: not allowed with argument"),
    ],
)
def test_of_alternatives_one_is_given_and_no_more(parser, capsys, given, message):
    with pytest.raises(SystemExit):
        parser.parse_args(["--input", "a", *given])
    assert message in capsys.readouterr().err
