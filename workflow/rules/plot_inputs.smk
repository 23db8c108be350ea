# A function of the plots: the tables that `dvc plots` shows.


def plot_tables(kind, runs):
    """Paths of one kind of table, one for each run and named by the run's folder."""
    names = ("-".join(run.name.split("/")[1:]) for run in runs)
    return [f"results/plots/{kind}/{name}.csv" for name in names]
