# Which networks are trained on what, and what their rules take from the configuration.

teacher_folder = "results/teachers/{scope}/{network}/seed{seed}"


def of_teacher(key):
    return lambda wildcards: getattr(settings.teachers[wildcards.network], key)


def every_teacher(pattern):
    """Expand a pattern over every teacher that the configuration asks for."""
    return [
        path
        for network in settings.teachers
        for path in expand(
            pattern,
            network=network,
            scope=settings.scopes_of(network),
            seed=settings.training.seeds,
        )
    ]


student_folder = "results/students/{scope}/{network}/{supervision}/seed{seed}"


def of_student(key):
    return lambda wildcards: getattr(settings.students[wildcards.network], key)


def every_student(pattern):
    """Expand a pattern over every student that the configuration asks for."""
    return [
        path
        for network, student in settings.students.items()
        for supervision in student.supervision
        for path in expand(
            pattern,
            network=network,
            supervision=supervision,
            scope=settings.scopes_of(supervision),
            seed=settings.training.seeds,
        )
    ]


def takes_cell_of_another_scope(wildcards):
    return settings.grid.scope not in ("each", wildcards.scope)


def number_of_slices(wildcards):
    cells = len(settings.grid.learning_rate)
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
    options = ["--learning-rates", *settings.grid.learning_rate]
    if wildcards.supervision != "ground_truth":
        options += ["--temperatures", *settings.grid.temperature]
        options += ["--imitations", *settings.grid.imitation]
    return options


def grid_of_another_scope(wildcards):
    return grid_options(wildcards)[1] if takes_cell_of_another_scope(wildcards) else []


def soft_labels_of(wildcards):
    if wildcards.supervision == "ground_truth":
        return []
    return f"results/soft_labels/{wildcards.scope}/{wildcards.supervision}/seed{wildcards.seed}.parquet"


def crossings():
    """Predictions of every network on every scope but the one that it was trained on."""
    trained = every_teacher(teacher_folder) + every_student(student_folder)
    return [
        f"{folder}/predictions_{target}.parquet"
        for folder in trained
        for target in dataset.scopes
        if settings.evaluation.across_scopes and target != Path(folder).parts[2]
    ]
