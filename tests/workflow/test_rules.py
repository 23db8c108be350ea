"""What every rule must have, read from the rule files themselves."""

import re
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "workflow/rules"


def rule_texts() -> dict[str, str]:
    """Return the text of every rule that runs a command, by its name."""
    texts = {}
    for file in sorted(RULES.glob("*.smk")):
        # A rule that a loop writes has its name inside: `name: f"draw_figure_{number:02d}"`.
        pattern = r"^ *rule(?: (\w+))?:\n(?: *name:\s+f\"(\w+)_\{)?"
        parts = re.split(pattern, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        names = [name or in_loop for name, in_loop in zip(parts[1::3], parts[2::3], strict=True)]
        texts |= dict(zip(names, parts[3::3], strict=True))
    return {name: text for name, text in texts.items() if "shell:" in text}


@pytest.mark.parametrize(("name", "text"), rule_texts().items(), ids=rule_texts())
def test_rule_is_complete_and_depends_on_the_code_that_it_runs(name, text):
    for part in ("output:", "log:", "benchmark:", "threads:", "mem_mb=", "runtime=", "message:"):
        assert part in text, f"rule {name} lacks {part}"
    # What is no part of the package is a script of the rule's name.
    if scripts := re.findall(r"workflow/scripts/(\w+)\.py", text):
        assert scripts == [name]
        assert "code=source_files(" in text
        return
    [verb] = set(re.findall(r"avdistill ([a-z0-9-]+)", text))
    [code] = set(
        re.findall(r"code=(?:network_)?code\(\"(\w+)\"\)", text)
        + re.findall(r"\"commands\.(\w+)\"", text)
    )
    assert code == verb.replace("-", "_")
    # Figures 5 to 13 are drawn as every confusion matrix is; lists are merged for several phases.
    if name != "draw_figure" and verb != "merge-manifests":
        assert name == code


@pytest.mark.parametrize(("name", "text"), rule_texts().items(), ids=rule_texts())
def test_rule_asks_for_the_gpus_that_its_command_must_have(name, text):
    assert ("{params.gpu_options}" in text) == ("        gpu=" in text)
