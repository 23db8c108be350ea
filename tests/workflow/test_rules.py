"""What every rule must have, read from the rule files themselves."""

import re


def test_rule_is_complete_and_depends_on_the_code_that_it_runs(rule, rules):
    text = rules[rule]
    for part in ("output:", "log:", "benchmark:", "threads:", "mem_mb=", "runtime=", "message:"):
        assert part in text, f"rule {rule} lacks {part}"
    # What is no part of the package is a script of the rule's name.
    if scripts := {*re.findall(r"workflow/scripts/(\w+)\.py", text)}:
        assert scripts == {rule}
        assert "code=code_digest(" in text
        return
    [verb] = set(re.findall(r"avdistill ([a-z0-9-]+)", text))
    [code] = set(
        re.findall(r"code=(?:\w+_)?code\(\"(\w+)\"\)", text)
        + re.findall(r"\"commands\.(\w+)\"", text)
    )
    assert code == verb.replace("-", "_")
    # One verb draws several figures of the supplement; lists are merged for several phases.
    if not rule.startswith("draw_figure_") and verb != "merge-manifests":
        assert rule == code


def test_rule_that_asks_for_gpus_says_so_to_its_command(rule, rules):
    settings = re.search(r"\{params\.(settings|gpu_options)", rules[rule])
    if "        gpu=" in rules[rule]:
        assert settings
