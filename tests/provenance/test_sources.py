"""Which source files a verb depends on."""

from avdistill.provenance.sources import source_files


def test_imports_are_followed_however_deep_and_however_late():
    files = source_files("commands.simulate_raw")
    assert "src/avdistill/commands/simulate_raw.py" in files
    assert "src/avdistill/simulation/simulate.py" in files  # imported when the verb runs
    assert "src/avdistill/simulation/beamforming.py" in files  # by acoustic_images, by simulate
    assert "src/avdistill/training/fitting.py" not in files


def test_one_network_does_not_depend_on_another():
    files = source_files("commands.train_teacher", "networks.dualcamnet")
    assert "src/avdistill/networks/dualcamnet.py" in files
    assert "src/avdistill/networks/hearnet.py" not in files
    assert "src/avdistill/networks/shared_head.py" in files
