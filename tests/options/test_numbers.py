"""Numbers on the command line."""

from argparse import ArgumentParser, ArgumentTypeError

import pytest

from avdistill.options.numbers import add_gpu_option, add_thread_option, positive, whole


@pytest.mark.parametrize(("read", "least"), [(positive, 1), (whole, 0)])
def test_a_whole_number_is_read(read, least):
    assert read(str(least)) == least
    assert read("12") == 12


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "x", "0"])
def test_another_number_than_a_positive_one_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="is not a whole number from 1"):
        positive(text)
    if text != "0":
        with pytest.raises(ArgumentTypeError, match="is not a whole number from 0"):
            whole(text)


def test_threads_and_gpus_have_defaults():
    parser = ArgumentParser()
    add_thread_option(parser)
    add_gpu_option(parser)
    assert vars(parser.parse_args([])) == {"tensorflow_threads": 2, "gpus": 0}
    options = ["--tensorflow-threads", "1", "--gpus", "4"]
    assert vars(parser.parse_args(options)) == {"tensorflow_threads": 1, "gpus": 4}
