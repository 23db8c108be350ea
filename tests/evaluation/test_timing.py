import subprocess
import sys

import pytest

# The verb, and then what TensorFlow itself says of its threads: once it has started, these cannot
# be changed any more. In a process of its own, since tests here start it with two.
_TIME_AND_TELL = """
import sys
from avdistill.cli import main
code = main(sys.argv[1:])
import tensorflow as tf
threading = tf.config.threading
print(threading.get_intra_op_parallelism_threads(), threading.get_inter_op_parallelism_threads())
sys.exit(code)
"""


def test_the_verb_times_networks_with_one_thread(tmp_path, three_classes, read_table):
    files = ["--table", str(tmp_path / "times.csv"), "--page", str(tmp_path / "times.html")]
    networks = ["--networks", "hearnet", "dualcamnet", "--dataset", str(three_classes)]
    run = subprocess.run(
        [sys.executable, "-c", _TIME_AND_TELL, "time-networks", *networks, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.splitlines()[-1] == "1 1"
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
