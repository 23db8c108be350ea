"""Packages hidden from Keras while it is imported, each time in a Python of its own."""

import subprocess
import sys

import pytest

from avdistill.keras_import import OPTIONAL


def run(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("how", ["import keras", "import tensorflow as tf; tf.keras.Model"])
def test_keras_imports_none_of_them(how):
    program = f"import sys, avdistill; {how}; print(*sys.modules)"
    names = run(program)
    assert "keras" in names
    assert not set(OPTIONAL) & set(names)


def test_keras_would_import_them():
    assert set(OPTIONAL) <= set(run("import sys, keras; print(*sys.modules)"))


def test_they_are_there_afterwards():
    names = ", ".join(OPTIONAL)
    assert run(f"import avdistill, keras, {names}; print(sklearn.__name__)") == ["sklearn"]


def test_one_that_is_imported_already_stays():
    program = (
        "import sys, avdistill, pandas; one = pandas; import keras, pandas; print(one is pandas)"
    )
    assert run(program) == ["True"]


def test_another_packages_import_is_as_ever():
    assert run("import avdistill, sklearn; print(sklearn.__spec__.name)") == ["sklearn"]
