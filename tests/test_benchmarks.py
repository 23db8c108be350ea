"""Every benchmark is a command with an example and a quick form, which the gate runs."""

import importlib.util
import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
COMMANDS = sorted(
    path.relative_to(PROJECT).as_posix()
    for path in PROJECT.glob("benchmarks/*.py")
    if "__main__" in path.read_text(encoding="utf-8")
)


@pytest.fixture
def benchmarks(monkeypatch):
    """Let benchmarks find their modules, which no other test takes for its own."""
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        path = getattr(sys.modules[name], "__file__", None)
        if path and Path(path).parent == PROJECT / "benchmarks":
            del sys.modules[name]


def load(name: str):
    """Import a benchmark's module."""
    spec = importlib.util.spec_from_file_location(name, PROJECT / f"benchmarks/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(monkeypatch, *words: str) -> int:
    """Run a benchmark in this process; return its status."""
    monkeypatch.setattr(sys, "argv", list(words))
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(PROJECT / words[0]), run_name="__main__")
    return caught.value.code


def test_there_are_benchmarks():
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("file", COMMANDS)
def test_help_has_a_valid_example_and_a_quick_form(benchmarks, monkeypatch, capsys, file):
    assert run(monkeypatch, file, "--help") == 0
    printed = capsys.readouterr().out
    assert "--quick" in printed
    (example,) = re.findall(r"^example: python (.*)", printed, re.MULTILINE)
    assert example.split()[0] == file
    # The processor is named as soon as the command line is read, before anything is measured.
    command_line = load("command_line")
    monkeypatch.setattr(command_line, "describe_processor", lambda: sys.exit("it is valid"))
    monkeypatch.setitem(sys.modules, "command_line", command_line)
    assert run(monkeypatch, *shlex.split(example)) == "it is valid"


def test_the_gate_runs_each_of_them():
    assert "make benchmarks" in (PROJECT / ".ci/run").read_text(encoding="utf-8").splitlines()
    command = ("make", "--dry-run", "benchmarks")
    plan = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    started = [line.strip() for line in plan.splitlines() if line.endswith("--quick")]
    assert started == [f"python {file} --quick" for file in COMMANDS]


def test_quick_sizes_are_defaults_and_are_said_to_mean_nothing(benchmarks, monkeypatch, capsys):
    command_line = load("command_line")
    parser = command_line.new_parser("Count.", "count.py --sheep 7")
    parser.add_argument("--sheep", type=int, default=100)
    for words, sheep in (([], 100), (["--quick"], 2), (["--quick", "--sheep", "3"], 3)):
        monkeypatch.setattr(sys, "argv", ["count.py", *words])
        assert command_line.parse(parser, {"sheep": 2}).sheep == sheep
        printed = capsys.readouterr().out
        assert printed.startswith("processor: ")
        assert ("figures mean nothing" in printed) == ("--quick" in words)


CORE = """\
processor\t: {number}
cpu family\t: 25
model\t\t: {model}
model name\t: AMD EPYC
flags\t\t: fpu sse2 {flags}

"""


@pytest.mark.parametrize(
    ("flags", "vectors"),
    [
        ("avx avx2 avx512f", "AVX-512"),
        ("avx avx2", "AVX2"),
        ("avx", "neither AVX-512 nor AVX2"),
    ],
)
def test_processor_has_its_name_and_its_vector_instructions(tmp_path, flags, vectors):
    file = tmp_path / "cpuinfo"
    file.write_text("".join(CORE.format(number=i, model=17 + i, flags=flags) for i in range(2)))
    expected = f"AMD EPYC (family 25, model 17), {vectors}, {os.cpu_count()} cores"
    assert load("processor").describe_processor(file) == expected


def test_processor_has_some_name_everywhere(tmp_path):
    unknown = load("processor").describe_processor(tmp_path / "absent")
    assert re.fullmatch(r"\S.*, vector instructions not known, \d+ cores", unknown)
    (tmp_path / "arm").write_text("processor\t: 0\nFeatures\t: fp asimd\n")
    assert re.match(r"\w+, neither", load("processor").describe_processor(tmp_path / "arm"))


def test_quick_cluster_without_root_is_skipped_unless_engines_are_required(
    benchmarks, monkeypatch, capsys
):
    cluster = load("cluster")
    monkeypatch.setattr(cluster.os, "getuid", lambda: 1000)
    monkeypatch.delenv("AVDISTILL_REQUIRE_ENGINES", raising=False)
    cluster.quick()
    assert capsys.readouterr().out.startswith("skipped: a virtual cluster needs root and Slurm")
    monkeypatch.setenv("AVDISTILL_REQUIRE_ENGINES", "1")
    with pytest.raises(SystemExit, match="needs root and Slurm"):
        cluster.quick()


def test_cluster_does_one_thing_at_a_time(benchmarks, monkeypatch, capsys):
    file = "benchmarks/cluster.py"
    for words in ([file], [file, "--quick", "smoke"]):
        assert run(monkeypatch, *words) == 2
        assert "name one of grid, overhead and smoke, or --quick alone" in capsys.readouterr().err


def test_scale_says_which_results_are_missing(benchmarks, monkeypatch, tmp_path, capsys):
    status = run(monkeypatch, "benchmarks/scale.py", "run", "--results", str(tmp_path / "absent"))
    assert status.startswith(f"{tmp_path}/absent: no finished run; ")
