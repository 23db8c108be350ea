"""Fixtures of the simulation's tests."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def brute_force() -> ModuleType:
    """Beamforming as it is written, which the benchmarks measure too."""
    path = Path(__file__).parents[2] / "benchmarks/brute_force.py"
    spec = importlib.util.spec_from_file_location("brute_force", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
