"""Fixtures for every test."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with real recordings and outputs of the published code."""
    folder = Path(os.environ.get("AVDISTILL_SHARED", "../shared")).resolve() / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: set AVDISTILL_SHARED to the folder that holds data/")
    return folder
