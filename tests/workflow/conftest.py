"""The text of every rule, and a finished run that dry runs share."""

import re
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "workflow/rules"
# What the loops that write rules count in their names: the supplement's figures.
NUMBERS = {"draw-recordings": range(1, 5), "draw-confusion": range(5, 14)}


def rule_texts() -> dict[str, str]:
    """Return the text of every rule that runs a command, by its name."""
    texts = {}
    for file in sorted(RULES.glob("*.smk")):
        # A rule that a loop writes has its name inside: `name: f"draw_figure_{number:02d}"`.
        pattern = r"^ *rule(?: (\w+))?:\n(?: *name:\s+f\"(\w+_)\{)?"
        parts = re.split(pattern, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name, in_loop, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            numbers = [] if name else next(NUMBERS[mark] for mark in NUMBERS if mark in text)
            names = [name] if name else [f"{in_loop}{number:02d}" for number in numbers]
            texts |= dict.fromkeys(names, text)
    return {name: text for name, text in texts.items() if "shell:" in text}


def pytest_generate_tests(metafunc):
    """Call a test that takes a `rule` with the name of each."""
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", rule_texts())


@pytest.fixture(scope="session")
def rules() -> dict[str, str]:
    """Text of every rule that runs a command, by its name."""
    return rule_texts()


@pytest.fixture(scope="module")
def only_planned(finished, tmp_path_factory):
    """Copy the finished run, for dry runs that say by `--config` what is otherwise."""
    return finished.copy(tmp_path_factory.mktemp("only_planned") / "copy")
