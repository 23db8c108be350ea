# Which networks `dvc plots` shows, and the tables of them.


def plot_tables(kind, runs):
    """Paths of one kind of table, named for the folders of the networks' results."""
    names = ("-".join(run.name.split("/")[1:]) for run in runs)
    return [f"results/plots/{kind}/{name}.csv" for name in names]
