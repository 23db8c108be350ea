"""Unfinished work kept on disk."""

import numpy as np

from avdistill.training.snapshot import Snapshot


def test_snapshot_of_other_work_or_damaged_is_ignored(tmp_path, capsys):
    path = tmp_path / "state.npz"
    Snapshot(path, {"seed": 0}).save([1], {"w": [np.ones(2)]})
    facts, arrays = Snapshot(path, {"seed": 0}).load()
    assert facts == [1]
    assert arrays["w"][0].tolist() == [1, 1]
    assert Snapshot(path, {"seed": 1}).load() is None
    assert "other settings" in capsys.readouterr().err
    path.write_bytes(path.read_bytes()[:50])
    assert Snapshot(path, {"seed": 0}).load() is None
    assert "damaged" in capsys.readouterr().err
    assert Snapshot(tmp_path / "absent.npz", {}).load() is None
