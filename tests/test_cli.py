import argparse
import errno
import importlib
import os
import pkgutil
import shlex
import subprocess
import sys

import pytest

from avdistill import __version__, commands
from avdistill.cli import add_options, build_parser, main
from avdistill.errors import InputError

MODULES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
HEAVY = ("tensorflow", "keras", "pandas", "matplotlib", "sklearn", "scipy", "snakemake", "PIL")


def as_verb(module: str) -> str:
    return module.replace("_", "-")


def test_help_lists_every_verb_with_its_summary(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert MODULES
    for module in MODULES:
        summary = importlib.import_module(f"avdistill.commands.{module}").COMMAND.summary
        assert "\n" not in summary
        assert as_verb(module) in printed
        assert summary in printed.replace("- ", "-")


@pytest.mark.parametrize("module", MODULES)
def test_help_of_a_verb_shows_its_example(capsys, module):
    with pytest.raises(SystemExit) as caught:
        main([as_verb(module), "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert f"usage: avdistill {as_verb(module)}" in printed
    assert f"example: avdistill {as_verb(module)}" in printed


@pytest.mark.parametrize("module", MODULES)
def test_example_of_a_verb_is_a_valid_command(module):
    command = importlib.import_module(f"avdistill.commands.{module}")
    program, *arguments = shlex.split(command.COMMAND.example)
    assert program == "avdistill"
    parsed = build_parser().parse_args(arguments)
    assert parsed.verb == as_verb(module)
    assert parsed.run is command.run


def options_of(module: str) -> list[argparse.Action]:
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser, importlib.import_module(f"avdistill.commands.{module}").COMMAND)
    return parser._actions


@pytest.mark.parametrize("module", MODULES)
def test_every_option_is_explained(module):
    assert options_of(module)
    for option in options_of(module):
        assert option.help, f"{as_verb(module)} {option.option_strings or option.dest}"


def test_parser_is_built_without_heavy_imports():
    code = (
        "import sys; from avdistill.cli import build_parser; build_parser(); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"avdistill {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["no-such-verb"], ["describe-dataset"]])
def test_wrong_usage_exits_with_2(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: avdistill" in capsys.readouterr().err


REPORT = ["report-raw", "--manifests", "absent.csv", "--manifest", "m.csv", "--report", "r.md"]


def test_problem_that_the_user_can_mend_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(REPORT) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "avdistill report-raw: error: absent.csv: no such manifest; run the rule that makes it\n"
    )
    assert list(tmp_path.iterdir()) == []


def failing_parser(error: Exception) -> argparse.ArgumentParser:
    def run(_):
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=run, verb="fail")
    return parser


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_full_disk_is_one_line(monkeypatch, capsys, number):
    error = OSError(number, "Full", "results/x")
    monkeypatch.setattr("avdistill.cli.build_parser", lambda: failing_parser(error))
    assert main([]) == 1
    assert capsys.readouterr().err == (
        "avdistill fail: error: results/x: Full; nothing half-written was kept: "
        "free some space and run again\n"
    )


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.EACCES, "allow it for this user, or name another path"),
        (errno.EPERM, "allow it for this user, or name another path"),
        (errno.EROFS, "nothing can be written there: name another path"),
    ],
)
def test_forbidden_path_is_one_line(monkeypatch, capsys, number, mend):
    error = OSError(number, "No", "results/x")
    monkeypatch.setattr("avdistill.cli.build_parser", lambda: failing_parser(error))
    assert main([]) == 1
    assert capsys.readouterr().err == f"avdistill fail: error: results/x: No; {mend}\n"


DESCRIBE = [
    *("describe-dataset", "--source", "AVIA", "--scenarios", "chamber", "--classes", "clapping"),
    *("--subjects", "1", "--sequence-seconds", "1", "--output"),
]


def test_files_and_folders_in_each_others_place_are_one_line(tmp_path, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    mend = "a file is where a folder should be, or a folder where a file: name another path\n"
    for output, named in {
        "folder": f"{tmp_path}/folder: Is a directory",
        "file/dataset.json": f"{tmp_path}/file: File exists",
        "file/below/dataset.json": f"{tmp_path}/file/below: Not a directory",
    }.items():
        assert main([*DESCRIBE, str(tmp_path / output)]) == 1
        assert capsys.readouterr().err == f"avdistill describe-dataset: error: {named}; {mend}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Broken"), ValueError("a bug")])
def test_other_errors_keep_their_traceback(monkeypatch, error):
    monkeypatch.setattr("avdistill.cli.build_parser", lambda: failing_parser(error))
    with pytest.raises(type(error)):
        main([])


@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_reader_that_has_enough_ends_the_command_without_a_message(buffering):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    many_lines = (
        "import sys; from avdistill import cli; from avdistill.commands import merge_manifests\n"
        "merge_manifests.run = lambda _: [print('line') for _ in range(100)]\n"
        "sys.exit(cli.main(['merge-manifests', '--inputs', 'a', '--output', 'b']))"
    )
    command, pipe = [sys.executable, "-c", many_lines], subprocess.PIPE
    with subprocess.Popen(
        command, env=environment | buffering, stdout=pipe, stderr=pipe
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_installed_command_exits_with_the_status(tmp_path):
    command = [sys.executable, "-m", "avdistill.cli", *REPORT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_input_error_is_no_other_exception():
    # Whoever catches ValueError or OSError from a library must not catch ours by accident.
    assert InputError.__mro__[1] is Exception
