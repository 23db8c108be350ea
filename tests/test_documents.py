"""The documents say what is so: the tests that they name exist."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def test_tests_named_beside_the_released_codes_faults_exist():
    named = re.findall(
        r"`(tests/[\w/]+\.py)(?:::(\w+))?`",
        (PROJECT / "docs/released_code.md").read_text(encoding="utf-8"),
    )
    assert len(named) > 15
    for file, test in named:
        assert f"def {test}" in (PROJECT / file).read_text(encoding="utf-8"), f"{file}::{test}"
