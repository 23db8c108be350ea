# Functions of the figures: which ones a configuration gives, and the runs that they show.

from avdistill.evaluation.labels import model_label, scope_label
from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.figures.supplement import confusion_figures


def shown_network(run):
    """Network and scope of a confusion matrix of the supplement, in words."""
    return (
        f"{model_label(run.network, run.supervision)},"
        f" {scope_label(run.scope, dataset.scenarios)}"
    )


recording_figures = {
    number: figure
    for number, figure in RECORDING_FIGURES.items()
    if figure.modalities <= set(settings.dataset.modalities)
}


def network_figures(runs, file):
    """One figure of each run."""
    return [f"results/figures/{run.name}/{file}" for run in runs]


def supplement_figures():
    """Paths of the supplement's figures that the configuration gives."""
    numbers = [*recording_figures, *confusion_figures(plan.runs)]
    return [f"results/figures/paper/figure{number:02d}.png" for number in numbers]
