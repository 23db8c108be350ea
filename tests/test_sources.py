"""Which source files a verb depends on."""

from avdistill.sources import source_files


def test_imports_are_followed_however_deep_and_however_late():
    files = source_files("commands.describe_dataset")
    assert "src/avdistill/commands/describe_dataset.py" in files
    assert "src/avdistill/avia/vocabulary.py" in files  # imported by avia.dataset


def test_one_network_does_not_depend_on_another():
    files = source_files("commands.train_teacher", "networks.dualcamnet")
    assert "src/avdistill/networks/dualcamnet.py" in files
    assert "src/avdistill/networks/hearnet.py" not in files
    assert "src/avdistill/networks/shared_head.py" in files
