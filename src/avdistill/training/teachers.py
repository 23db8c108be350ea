"""Training a teacher on ground truth."""

from avdistill.examples.scope_data import ScopeData, check_backbone, labels_of
from avdistill.networks.registry import build
from avdistill.runs.settings import TeacherSettings
from avdistill.training.fitting import Examples, fit, prepare_training
from avdistill.training.job import Job
from avdistill.training.losses import training_targets
from avdistill.training.results import write_results
from avdistill.training.snapshot import remove_resume_folder


def train_teacher(data: ScopeData, settings: TeacherSettings, job: Job) -> None:
    """Train a teacher and write its folder.

    Raises
    ------
    InputError : features do not fit (see `check_backbone`), or as `fit`.
    """
    initial_weights = "random"
    if data.backbone is not None:
        check_backbone(data)
        initial_weights = data.backbone.initial_weights
    options = {"frames": data.frames} if data.spec.modality == "audiovisual" else {}
    network = build(settings.network, data.num_classes, settings.seed, **options)
    history = fit(
        prepare_training(network, data.spec, job.devices),
        Examples.of(data, job),
        lambda crops: training_targets(labels_of(crops), data.num_classes),
        settings.learning_rate,
        job,
    )
    facts = {
        "initial_weights": initial_weights,
        "teacher_initial_weights": None,
        "learning_rate": settings.learning_rate,
    }
    write_results(job.output, network, data, history, facts=facts, description=job.description)
    remove_resume_folder(job.output)
