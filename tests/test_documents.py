"""The documents say what is so: the tests that they name exist."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def test_tests_named_beside_the_released_codes_faults_exist():
    lines = (PROJECT / "docs/released_code.md").read_text(encoding="utf-8").splitlines()
    faults = [line for line in lines if line.startswith("| ") and "---" not in line][1:]
    assert len(faults) > 15
    for fault in faults:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", fault)
        assert named, fault
        for file, test in named:
            assert f"def {test}(" in (PROJECT / file).read_text(encoding="utf-8"), test


def test_no_measurement_is_left_to_fill_in():
    for path in (PROJECT / "README.md", *PROJECT.glob("docs/*.md")):
        assert "@@" not in path.read_text(encoding="utf-8"), path
