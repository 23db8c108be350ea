"""What an interrupted run must share with the one that goes on with it."""

import shlex
import shutil

import pytest

from avdistill.cli import build_parser
from avdistill.commands.train_teacher import EXAMPLE
from avdistill.options import training as options
from avdistill.options.numbers import identity_of


def identity(*changes, network="dualcamnet"):
    _, *arguments = shlex.split(EXAMPLE)
    return identity_of(build_parser().parse_args([*arguments, *changes]), network)


@pytest.mark.parametrize(
    "change",
    [
        "--seed 1",
        "--learning-rate 1e-4",
        "--fresh-crops",
        "--batch-size 8",
        "--scope scenario1",
        "--gpus 1",
        "--mixed-precision",
    ],
)
def test_what_changes_weights_makes_another_run(change):
    assert identity(*change.split()) != identity()


@pytest.mark.parametrize(
    "change",
    [
        "--cache disk",
        "--output elsewhere",
        "--records moved",
        "--live logs",
        "--tensorboard events",
    ],
)
def test_what_changes_no_weights_does_not(change):
    assert identity(*change.split()) == identity()


def test_files_count_by_their_content(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("sequence" if name < "c" else "other")
    a, b, c = (identity("--split", str(tmp_path / name)) for name in "abc")
    assert a == b != c


def test_changed_code_makes_another_run_of_what_it_is_used_for(tmp_path, monkeypatch):
    before, other = identity(), identity(network="hearnet")
    shutil.copytree(options.PACKAGE, tmp_path / "installed")
    monkeypatch.setattr(options, "PACKAGE", tmp_path / "installed")
    assert identity() == before

    def change(file):
        with (tmp_path / "installed" / file).open("a") as handle:
            handle.write("# changed\n")

    change("figures/style.py")
    assert identity() == before
    change("networks/dualcamnet.py")
    assert identity() != before
    assert identity(network="hearnet") == other
    change("training/fitting.py")
    assert identity(network="hearnet") != other
