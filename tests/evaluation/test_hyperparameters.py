import itertools

import pytest

from avdistill.cli import main
from avdistill.evaluation.hyperparameters import hyperparameter_rows

GRID = [
    {"learning_rate": rate, "temperature": t, "imitation": i}
    for rate, t, i in itertools.product((1e-3, 1e-4), (1, 2, 5), (0.5, 1))
]


@pytest.mark.parametrize(
    ("cells", "number", "searched"),
    [
        (GRID, 12, "learning rate, T, λ"),
        (GRID[:6], 6, "T, λ"),
        ([{"learning_rate": 1e-3}, {"learning_rate": 1e-4}], 2, "learning rate"),
        (GRID[:1], 1, "nothing"),
    ],
)
def test_what_was_searched_is_read_from_the_grid(make_network, cells, number, searched):
    path = make_network("hearnet", "dualcamnet", cells=cells, temperature=2.0, imitation=1.0)
    [row] = hyperparameter_rows([path], searched_on=None)
    assert (row["cells"], row["searched"]) == (number, searched)
    assert (row["temperature"], row["imitation"]) == (2.0, 1.0)
    assert row["validation_accuracy"] == 0.5


@pytest.mark.parametrize(
    ("network", "supervision", "scope", "rate", "paper", "agrees"),
    [
        ("dualcamnet", "ground_truth", "all", 1e-3, 1e-3, "yes"),
        ("avnet", "ground_truth", "all", 1e-3, 1e-4, "no"),
        ("hearnet", "dualcamnet", "scenario1", 1e-4, 1e-4, "yes"),
        ("hearnet", "dualcamnet", "scenario2", 1e-4, 1e-3, "no"),
        ("soundnet", "resnet50", "all", 1e-4, 1e-4, "yes"),
        ("hearnet", "avnet", "all", 1e-3, None, None),
        ("hearnet", "both", "all", 1e-3, None, None),
    ],
)
def test_the_papers_table_1_stands_beside(  # noqa: PLR0917
    make_network, network, supervision, scope, rate, paper, agrees
):
    path = make_network(network, supervision, scope, learning_rate=rate)
    [row] = hyperparameter_rows([path], searched_on=None)
    assert row["learning_rate"] == rate
    assert (row["table1_learning_rate"], row["agrees_with_table1"]) == (paper, agrees)


def test_cells_taken_from_another_scope_are_called_so(make_network):
    paths = [
        make_network("dualcamnet"),
        make_network("hearnet", scope="all", cells=GRID),
        make_network("hearnet", scope="scenario1", cells=GRID[:1]),
    ]
    rows = hyperparameter_rows(paths, searched_on="all")
    assert [(row["scope"], row["searched"]) for row in rows] == [
        ("scenario1", "nothing"),
        ("all", "learning rate, T, λ"),
        ("scenario1", "nothing, taken from all"),
    ]


def test_the_verb_writes_table_and_page(make_network, tmp_path, read_table, capsys):
    paths = [make_network("hearnet", cells=GRID), make_network("soundnet", "avnet", loss="hinton")]
    files = {"--table": tmp_path / "grids.csv", "--page": tmp_path / "grids.html"}
    options = [str(part) for pair in files.items() for part in pair]
    assert main(["summarise-grids", "--metrics", *map(str, paths), *options]) == 0
    rows = read_table(files["--table"])
    assert [(row["network"], row["cells"]) for row in rows] == [
        ("hearnet", "12"),
        ("soundnet", "1"),
    ]
    assert [row["loss"] for row in rows] == ["", "hinton"]
    page = files["--page"].read_text()
    assert "Data: simulated" in page
    assert '<td class="text">hinton</td>' in page
    assert "OurSoundNet starts from random weights" in page
    (paths[0].parent / "grid.csv").unlink()
    assert main(["summarise-grids", "--metrics", *map(str, paths), *options]) == 1
    assert "no such grid" in capsys.readouterr().err
