"""`avdistill judge-claims`: test the paper's statements on results."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.numbers import whole

SUMMARY = "judge every claim of the paper: supported, not supported, or not decidable"
EXAMPLE = (
    "avdistill judge-claims --dataset results/dataset.json "
    "--predictions results/teachers/all/dualcamnet/seed0/predictions.parquet "
    "results/teachers/all/resnet50/seed0/predictions.parquet "
    "--measures results/claims/spectrograms.csv --seed 0 --note 'Simulated data.' "
    "--table results/claims/claims.csv --page results/claims/claims.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument(
        "--predictions",
        required=True,
        nargs="+",
        type=Path,
        help="predictions.parquet of every network, in the folder of its model.json",
    )
    parser.add_argument(
        "--measures",
        type=Path,
        help="CSV of measure-spectrograms; without it two claims are not decidable",
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of resampling (default: 0)")
    parser.add_argument("--note", default="", help="sentence shown at the top of the page")
    parser.add_argument("--table", required=True, type=Path, help="CSV to write")
    parser.add_argument("--page", required=True, type=Path, help="HTML to write")


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.claims.judge import COLUMNS, judge_claims, table_rows
    from avdistill.evaluation.claims.page import claims_page
    from avdistill.evaluation.claims.results import Results, read_outcomes
    from avdistill.evaluation.initial_weights import initial_weights
    from avdistill.evaluation.spectrogram_measures import read_measures
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text
    from avdistill.results.metrics import RUN_KEYS

    dataset = DatasetDescription.read(arguments.dataset)
    outcomes, descriptions = read_outcomes(arguments.predictions, dataset)
    measures = read_measures(arguments.measures, dataset) if arguments.measures else None
    findings = judge_claims(Results(dataset, outcomes, measures, arguments.seed))
    weights = [
        {name: description[name] for name in RUN_KEYS}
        | {"initial_weights": initial_weights(description)}
        for description in descriptions
    ]
    write_table(arguments.table, COLUMNS, table_rows(findings, weights, dataset.source))
    write_text(arguments.page, claims_page(findings, weights, dataset.source, arguments.note))
