# Which networks `dvc plots` shows, and the tables of them.

network_folders = every_teacher(teacher_folder) + every_student(student_folder)
searched_folders = every_student(student_folder, scopes=searched_scopes)


def plot_tables(kind, folders):
    """Paths of one kind of table, named for the folders of the networks' results."""
    names = ("-".join(Path(folder).parts[2:]) for folder in folders)
    return [f"results/plots/{kind}/{name}.csv" for name in names]
