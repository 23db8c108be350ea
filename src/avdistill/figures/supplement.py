"""The networks of the supplement's figures 5 to 13 that a configuration trains."""

from collections import defaultdict
from collections.abc import Iterable

from avdistill.runs.run import Run

# Number of the figure: the network, and the scope that it is trained and tested on.
_NETWORKS = {
    5: ("hearnet", "all"),
    6: ("soundnet", "all"),
    7: ("dualcamnet", "all"),
    8: ("resnet50", "all"),
    9: ("temporal_resnet50", "all"),
    10: ("avnet", "all"),
    11: ("resnet50", "scenario1"),
    12: ("resnet50", "scenario2"),
    13: ("resnet50", "scenario3"),
}


def confusion_figures(runs: Iterable[Run]) -> dict[int, Run]:
    """Choose the runs that the supplement's confusion matrices show, by number of the figure.

    The supplement does not say what the students of figures 5 and 6 learned from. Here it is
    DualCamNet's soft labels, the paper's subject, if there is such a run. Otherwise it is ground
    truth, or else the supervision of the first run. Of several seeds the first is taken.

    Parameters
    ----------
    runs : all that a configuration trains; a figure without a run is left out.
    """
    trained = defaultdict(list)
    for run in runs:
        trained[run.network, run.scope].append(run)
    return {
        number: min(trained[shown], key=_preference)
        for number, shown in _NETWORKS.items()
        if shown in trained
    }


def _preference(run: Run) -> tuple[bool, bool]:
    return run.supervision != "dualcamnet", run.is_distilled
