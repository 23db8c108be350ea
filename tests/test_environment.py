"""The environment files agree with each other."""

import re
import tomllib
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[1]
ENVS = PROJECT / "envs"


def pins(file: str) -> set[str]:
    """Return every `name==version`, with its marker, of a lock."""
    lines = (ENVS / file).read_text(encoding="utf-8").splitlines()
    return {line.rstrip("\\ ") for line in lines if re.match(r"[a-z0-9].*==", line)}


def test_development_pins_what_running_pins():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_conda_installs_the_same_versions():
    environment = yaml.safe_load((ENVS / "environment.yaml").read_text(encoding="utf-8"))
    assert set(environment["dependencies"][-1]["pip"]) == pins("requirements.txt")


def test_gpus_need_another_tensorflow_and_nvidias_libraries_and_nothing_else():
    running, gpus = pins("requirements.txt"), pins("requirements-gpu.txt")
    version = {pin.split(" ;")[0] for pin in running if pin.startswith("tensorflow==")}
    other = {pin for pin in gpus - running if not pin.startswith("nvidia-")}
    assert {pin.split(" ;")[0] for pin in other} == version
    assert all(pin.startswith("tensorflow") for pin in running - gpus)
    assert any(pin.startswith("nvidia-cudnn-") for pin in gpus)


def test_every_pin_has_a_hash_and_no_address():
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-gpu.txt"):
        text = (ENVS / file).read_text(encoding="utf-8")
        assert "://" not in text
        assert len(pins(file)) == len(re.findall(r"== ?[^\n]*\\\n    --hash=sha256:", text))


def test_the_package_and_the_environment_need_the_same():
    needed = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+(\[[\w,]+\])?", one)[0] for one in needed["dependencies"]}
    lines = (ENVS / "requirements.in").read_text(encoding="utf-8").splitlines()
    named = {line.split(" ")[0] for line in lines if not line.startswith("#")}
    assert names | {"setuptools"} == named  # which the package itself is built with


def test_files_that_are_no_modules_are_installed_with_the_package():
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    [patterns] = settings["setuptools"]["package-data"].values()
    data = {
        path
        for path in (PROJECT / "src/avdistill").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert data == {path for path in data if any(map(path.match, patterns))} != set()
