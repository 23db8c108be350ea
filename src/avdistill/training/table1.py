"""The learning rates of the paper's experiments (supplement, section 3, table 1)."""

_TEACHERS = {"dualcamnet": 1e-3, "resnet50": 1e-4, "temporal_resnet50": 1e-4, "avnet": 1e-4}
_STUDENTS = {
    ("hearnet", "ground_truth"): 1e-4,
    ("hearnet", "dualcamnet"): 1e-3,
    ("hearnet", "resnet50"): 1e-3,
    ("soundnet", "ground_truth"): 1e-4,
    ("soundnet", "dualcamnet"): 1e-3,
    ("soundnet", "resnet50"): 1e-4,
}
# The one exception by scope: "a smaller learning rate" for the first scenario.
_ON_ONE_SCOPE = {("hearnet", "dualcamnet", "scenario1"): 1e-4}


def table1_learning_rate(network: str, supervision: str, scope: str) -> float | None:
    """Look up the paper's learning rate for Adam.

    Parameters
    ----------
    supervision : `ground_truth` (G, and every teacher), `dualcamnet` (D), `resnet50` (R).
    scope : `all`, `scenario1` and so on.

    Returns
    -------
    The rate, or None where table 1 has no such network or supervision.
    """
    if supervision == "ground_truth" and network in _TEACHERS:
        return _TEACHERS[network]
    general = _STUDENTS.get((network, supervision))
    return _ON_ONE_SCOPE.get((network, supervision, scope), general)
