import pytest

from avdistill.cli import main
from avdistill.training import determinism

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
determinism.configure(seed=0, threads=2)


def test_the_verb_times_networks_with_one_thread(tmp_path, read_table, monkeypatch):
    asked = []
    monkeypatch.setattr(determinism, "configure", lambda **options: asked.append(options))
    files = ["--table", str(tmp_path / "times.csv"), "--page", str(tmp_path / "times.html")]
    networks = ["--networks", "hearnet", "dualcamnet", "--classes", "3"]
    assert main(["time-networks", *networks, *files]) == 0
    assert asked == [{"seed": 0, "threads": 1}]
    rows = read_table(tmp_path / "times.csv")
    assert [row["network"] for row in rows] == ["hearnet", "dualcamnet"]
    for row in rows:
        median, fastest, slowest = (
            float(row[name]) for name in ("milliseconds_per_second", "fastest", "slowest")
        )
        assert 0 < fastest <= median <= slowest
        assert float(row["real_time"]) == pytest.approx(1000 / median)
        assert int(row["runs"]) >= 3
    assert "times as fast" in (tmp_path / "times.html").read_text()
