# Which figures of the supplement there are, and whose results the confusion matrices show.

from avdistill.evaluation.labels import model_label, scope_label
from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.figures.supplement import confusion_figures

# Where a network's results are, and what to call its figures, teachers and students alike.
teacher_figure = "teachers/{scope}/{network}/seed{seed}"
student_figure = "students/{scope}/{network}/{supervision}/seed{seed}"


def shown_role(figure):
    """Folder of the results that a confusion matrix of the supplement shows."""
    is_teacher = figure.network in settings.teachers
    pattern = teacher_figure if is_teacher else student_figure
    return pattern.format(**figure._asdict())


def shown_network(figure):
    """What a confusion matrix of the supplement shows, in words."""
    return (
        f"{model_label(figure.network, figure.supervision)},"
        f" {scope_label(figure.scope, dataset.scenarios)}"
    )


recording_figures = {
    number: figure
    for number, figure in RECORDING_FIGURES.items()
    if figure.modalities <= set(settings.dataset.modalities)
}


def supplement_figures():
    """Paths of the supplement's figures that the configuration gives."""
    numbers = [*recording_figures]
    numbers += [figure.number for figure in confusion_figures(settings)]
    return [f"results/figures/paper/figure{number:02d}.png" for number in numbers]
