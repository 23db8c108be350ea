"""`avdistill write-card`: describe models and data of a run for those who get them."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "write the card of a run: data, commit, configuration, models, accuracy, licence"
EXAMPLE = (
    "avdistill write-card --configuration configuration.json --dataset results/dataset.json "
    "--raw results/raw/manifest.csv --records results/records/manifest.csv "
    "--accuracy results/evaluation/accuracy.csv --models results/teachers/all/dualcamnet/seed0 "
    "--citation CITATION.cff --page results/card/README.md --facts results/card/card.json"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--configuration",
        required=True,
        type=Path,
        help="the configuration as JSON, such as /dev/stdin; defaults may be left out",
    )
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--raw", required=True, type=Path, help="manifest of the raw data")
    parser.add_argument("--records", required=True, type=Path, help="manifest of the records")
    parser.add_argument("--accuracy", required=True, type=Path, help="CSV of summarise-accuracy")
    parser.add_argument(
        "--models", required=True, nargs="+", type=Path, help="folders of all trained networks"
    )
    parser.add_argument("--citation", required=True, type=Path, help="CITATION.cff")
    parser.add_argument(
        "--project",
        default=Path(),
        type=Path,
        help="folder of the project, whose commit the card names (default: this folder)",
    )
    parser.add_argument("--page", required=True, type=Path, help="Markdown to write")
    parser.add_argument(
        "--facts", required=True, type=Path, help="JSON to write, with the same facts"
    )


def run(arguments: Namespace) -> None:
    """Write the card as Markdown and as JSON."""
    from avdistill.configuration.configuration import validate
    from avdistill.evaluation.card import card_facts
    from avdistill.evaluation.pages.card import card_page
    from avdistill.files.atomic import read_json, write_json, write_text
    from avdistill.provenance.commit import describe_commit

    facts = card_facts(
        validate(read_json(arguments.configuration)),
        dataset=arguments.dataset,
        raw=arguments.raw,
        records=arguments.records,
        accuracy=arguments.accuracy,
        models=arguments.models,
        citation=arguments.citation,
        commit=describe_commit(arguments.project),
    )
    write_json(arguments.facts, facts)
    write_text(arguments.page, card_page(facts))
