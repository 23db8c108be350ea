# Which networks are trained on what, and what their rules take from the configuration.

teacher_folder = "results/teachers/{scope}/{network}/seed{seed}"


def of_teacher(key):
    return lambda wildcards: getattr(settings.teachers[wildcards.network], key)


def every_teacher(pattern, networks=None):
    """Expand a pattern over every teacher that the configuration asks for, or some of them."""
    return [
        path
        for network in (settings.teachers if networks is None else networks)
        for path in expand(
            pattern,
            network=network,
            scope=settings.scopes_of(network),
            seed=settings.training.seeds,
        )
    ]


def backbone_of(network, scope):
    """Whose stored features a teacher of frames is trained on, on a scope."""
    is_temporal = network == "temporal_resnet50"
    if not (
        settings.vision.recalibrate or (settings.vision.train_temporal and is_temporal)
    ):
        return "resnet50"
    return f"temporal_resnet50_{scope}" if is_temporal else f"resnet50_{scope}"


def features_of(wildcards):
    """Inputs of rules about a teacher that sees frames: the features' manifest and the card."""
    if wildcards.network not in SEEING:
        return []
    folder = f"results/vision/{backbone_of(wildcards.network, wildcards.scope)}"
    return [f"{folder}/manifest.csv", f"{folder}/backbone.json"]


def features_options(wildcards):
    """The folder of the same, as an option of `avdistill train-teacher` and the like."""
    files = features_of(wildcards)
    return ["--features", str(Path(files[0]).parent)] if files else []


def scope_of_backbone(wildcards):
    """The scope on whose training frames a backbone is prepared; None: it belongs to all."""
    return next(
        (scope for scope in dataset.scopes if wildcards.backbone.endswith(f"_{scope}")),
        None,
    )


def data_of_backbone(wildcards):
    if (scope := scope_of_backbone(wildcards)) is None:
        return []
    return [
        "results/dataset.json",
        "results/records/manifest.csv",
        f"results/splits/{scope}.csv",
    ]


def options_of_backbone(wildcards):
    """What a scope's own backbone learns from its training frames, and the data for it."""
    if (scope := scope_of_backbone(wildcards)) is None:
        return []
    data, records, split = data_of_backbone(wildcards)
    options = ["--dataset", data, "--split", split, "--manifest", records]
    options += ["--records", str(Path(records).parent)]
    if settings.vision.recalibrate:
        options += ["--recalibrate-on", scope]
    if trains_over_time(wildcards):
        teacher = settings.teachers["temporal_resnet50"]
        options += ["--train-temporal-on", scope, "--epochs", teacher.epochs]
        options += ["--crop-seed", settings.crops.seed]
        options += ["--learning-rate", teacher.learning_rate]
        options += ["--batch-size", settings.training.batch_size]
    return options


def trains_over_time(wildcards):
    is_temporal = wildcards.backbone.startswith("temporal_")
    return settings.vision.train_temporal and is_temporal


def gpu_use_of_backbone(wildcards):
    return "training" if trains_over_time(wildcards) else "seeing"


def memory_of_backbone(wildcards):
    """Training from pixels takes 150 MB for each second in a batch, of five frames."""
    if trains_over_time(wildcards):
        return 1500 + 150 * settings.training.batch_size
    return 3000


def files_of_weights(file):
    """A file of weights; of a TensorFlow checkpoint in several files, which has a prefix, all."""
    if file is None:
        return []
    path = Path(file)
    if path.is_file():
        return [file]
    found = [
        path.with_name(f"{path.name}.index"),
        *path.parent.glob(f"{path.name}.data-*"),
    ]
    return sorted(map(str, found)) if found[0].is_file() else [file]


vision_options = ["--weights", settings.vision.weights, "--seed", settings.vision.seed]
if settings.vision.file:
    vision_options += [
        "--file",
        settings.vision.file,
        "--sha256",
        settings.vision.sha256,
    ]


student_folder = "results/students/{scope}/{network}/{supervision}/seed{seed}"


def of_student(key):
    return lambda wildcards: getattr(settings.students[wildcards.network], key)


# Where students search a grid of their own; elsewhere they take its cell from another scope.
searched_scopes = (
    settings.scopes if settings.grid.scope == "each" else [settings.grid.scope]
)


def every_student(pattern, networks=None, scopes=None):
    """Expand a pattern over every student that the configuration asks for, or some of them."""
    return [
        path
        for network in (settings.students if networks is None else networks)
        for supervision in settings.students[network].supervision
        for path in expand(
            pattern,
            network=network,
            supervision=supervision,
            scope=[
                scope
                for scope in settings.student_scopes(network, supervision)
                if scopes is None or scope in scopes
            ],
            seed=settings.training.seeds,
        )
    ]


def takes_cell_of_another_scope(wildcards):
    return settings.grid.scope not in ("each", wildcards.scope)


def learning_rates_of(wildcards):
    return settings.learning_rates(
        wildcards.network, wildcards.supervision, wildcards.scope
    )


def number_of_slices(wildcards):
    cells = len(learning_rates_of(wildcards))
    if wildcards.supervision != "ground_truth":
        cells *= len(settings.grid.temperature) * len(settings.grid.imitation)
    if takes_cell_of_another_scope(wildcards):
        cells = 1
    return -(-cells // settings.grid.cells_per_job)


def grid_options(wildcards):
    """The cells to search, as options of `avdistill search-grid`."""
    if takes_cell_of_another_scope(wildcards):
        grid = f"{student_folder}/grid.csv".format(
            scope=settings.grid.scope,
            network=wildcards.network,
            supervision=wildcards.supervision,
            seed=wildcards.seed,
        )
        return ["--cells-from", grid]
    options = ["--learning-rates", *learning_rates_of(wildcards)]
    if wildcards.supervision != "ground_truth":
        options += ["--temperatures", *settings.grid.temperature]
        options += ["--imitations", *settings.grid.imitation]
    return options


def grid_of_another_scope(wildcards):
    return grid_options(wildcards)[1] if takes_cell_of_another_scope(wildcards) else []


def student_options(wildcards):
    """What one student takes of its own: spectrograms' bounds, published weights, decay."""
    student = settings.students[wildcards.network]
    options = []
    if statistics := statistics_of(wildcards):
        options += ["--statistics", statistics]
    if student.weights:
        options += ["--initial-weights-file", student.weights.file]
        options += ["--initial-weights-sha256", student.weights.sha256]
    if student.batch_norm_decay:
        options += ["--batch-norm-decay", student.batch_norm_decay]
    return options


def statistics_of(wildcards):
    """Only HearNet hears spectrograms, which are normalised by the training split's bounds."""
    if wildcards.network != "hearnet":
        return []
    return f"results/statistics/{wildcards.scope}.npz"


def initial_weights_of(wildcards):
    student = settings.students[wildcards.network]
    return student.weights.file if student.weights else []


def soft_labels_of(wildcards):
    if wildcards.supervision == "ground_truth":
        return []
    return f"results/soft_labels/{wildcards.scope}/{wildcards.supervision}/seed{wildcards.seed}.parquet"


def soft_labels_in_use():
    """Soft labels that some student learns from; an ensemble's rule asks for its members'."""
    pattern = "results/soft_labels/{scope}/{supervision}/seed{seed}.parquet"
    return [
        file
        for file in dict.fromkeys(every_student(pattern))
        if "/ground_truth/" not in file
    ]


def statistics_in_use():
    """Bounds of the spectrograms of each scope that HearNet is trained on."""
    networks = [name for name in settings.students if name == "hearnet"]
    return list(
        dict.fromkeys(every_student("results/statistics/{scope}.npz", networks))
    )


def members_of(wildcards):
    """Soft labels of an ensemble's teachers."""
    return [
        f"results/soft_labels/{wildcards.scope}/{teacher}/seed{wildcards.seed}.parquet"
        for teacher in settings.ensembles[wildcards.ensemble]
    ]
