"""TensorFlow for all tests of this folder, and networks trained by the commands."""

import shutil

import pytest

from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.records.splits import read_split, sequences_of

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

from tiny_jobs import DISTILLED, RATES, command, data_of, search, select, teach  # noqa: E402


@pytest.fixture(scope="session")
def trained(tiny, tmp_path_factory):
    """Folder with a teacher, its soft labels, and a student of each kind."""
    out = tmp_path_factory.mktemp("trained")
    assert teach(tiny, out / "teacher") == 0
    soft = {"teacher": out / "teacher", "output": out / "soft.parquet"}
    assert command("export-soft-labels", None, data_of(tiny) | soft) == 0
    # Whatever comes next must not read test sequences before it selects.
    blind = out / "blind"
    shutil.copytree(tiny, blind)
    for sequence in sequences_of(read_split(tiny / "all.csv"), "test"):
        shutil.rmtree(blind / "records" / sequence)
    for supervision, grid in {"ground_truth": RATES, "dualcamnet": DISTILLED}.items():
        labels = ("--soft-labels", out / "soft.parquet") if grid is DISTILLED else ()
        slices = [out / supervision / "grid" / f"slice{number}" for number in range(2)]
        for number, folder in enumerate(slices):
            assert search(blind, folder, *labels, **grid, slice=number, slices=2) == 0
        assert select(tiny, slices, out / supervision, supervision=supervision) == 0
    return out
