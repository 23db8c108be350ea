"""`avdistill judge-claims`: test the paper's statements on results."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET
from avdistill.options.numbers import whole
from avdistill.options.tables import NOTE, TABLE_AND_PAGE, write_table_and_page

COMMAND = Command(
    summary="judge every claim of the paper: supported, not supported, or not decidable",
    example="avdistill judge-claims --dataset results/dataset.json "
    "--predictions results/teachers/all/dualcamnet/seed0/predictions.parquet "
    "results/teachers/all/resnet50/seed0/predictions.parquet "
    "--measures results/claims/spectrograms.csv --seed 0 --note 'Simulated data.' "
    "--table results/claims/claims.csv --page results/claims/claims.html",
    options=(
        DATASET,
        path_option(
            "--predictions",
            nargs="+",
            help="predictions.parquet of every network, in the folder of its model.json",
        ),
        path_option(
            "--measures",
            required=False,
            help="CSV of measure-spectrograms; without it two claims are not decidable",
        ),
        option("--seed", type=whole, default=0, help="seed of resampling (default: 0)"),
        NOTE,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.claims.judge import COLUMNS, judge_claims, table_rows
    from avdistill.evaluation.claims.page import claims_page
    from avdistill.evaluation.claims.results import Results, read_outcomes
    from avdistill.evaluation.initial_weights import run_columns
    from avdistill.evaluation.spectrogram_measures import read_measures

    dataset = DatasetDescription.read(arguments.dataset)
    outcomes, descriptions = read_outcomes(arguments.predictions, dataset)
    measures = read_measures(arguments.measures, dataset) if arguments.measures else None
    findings = judge_claims(Results(dataset, outcomes, measures, arguments.seed))
    runs = [run_columns(description) for description in descriptions]
    write_table_and_page(
        arguments,
        COLUMNS,
        table_rows(findings, runs, dataset.source),
        claims_page(findings, runs, dataset.source, arguments.note),
    )
