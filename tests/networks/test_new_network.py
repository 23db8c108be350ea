"""A new network takes one new file and one line in the registry."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tiny_network import add_tiny_network

import avdistill

SCRIPT = """
from avdistill.configuration.configuration import Configuration, validate
from avdistill.evaluation.labels import model_label
from avdistill.transfer.students import feature_model
from avdistill.networks.registry import build, network_spec

student = {"supervision": ["dualcamnet"], "epochs": 2}
data = {"modalities": ["acoustic", "audio"]}
settings = validate({"dataset": data, "students": {"tinynet": student}})
assert settings.students["tinynet"].epochs == 2
assert settings.student_scopes("tinynet", "dualcamnet") == ["all"]
assert "tinynet" in str(Configuration.model_json_schema())
assert model_label("tinynet", "dualcamnet") == "TinyNet from soft labels of DualCamNet (D)"
spec = network_spec("tinynet", "student")
assert (spec.length_seconds, spec.uses_statistics, spec.own_settings) == (5, False, ())
model = build("tinynet", 3, seed=0)
assert model.output_shape == (None, 3) and feature_model(model).output_shape == (None, 1024)
"""


def test_it_is_configured_labelled_and_built(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(Path(avdistill.__file__).parents[1], source)
    add_tiny_network(source)
    environment = {**os.environ, "PYTHONPATH": str(source)}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
