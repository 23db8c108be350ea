"""What every rule must have, read from the rule files themselves."""

import re


def test_rule_is_complete_and_depends_on_the_code_that_it_runs(rule, rules):
    text = rules[rule]
    for part in ("output:", "log:", "benchmark:", "threads:", "mem_mb=", "runtime=", "message:"):
        assert part in text, f"rule {rule} lacks {part}"
    # What is no part of the package is a script of the rule's name.
    if scripts := re.findall(r"workflow/scripts/(\w+)\.py", text):
        assert scripts == [rule]
        assert "code=code_digest(" in text
        return
    [verb] = set(re.findall(r"avdistill ([a-z0-9-]+)", text))
    [code] = set(
        re.findall(r"code=(?:network_)?code\(\"(\w+)\"\)", text)
        + re.findall(r"\"commands\.(\w+)\"", text)
    )
    assert code == verb.replace("-", "_")
    # One verb draws several figures of the supplement; lists are merged for several phases.
    if not rule.startswith("draw_figure_") and verb != "merge-manifests":
        assert rule == code


def test_rule_asks_for_the_gpus_that_its_command_must_have(rule, rules):
    assert ("{params.gpu_options}" in rules[rule]) == ("        gpu=" in rules[rule])
