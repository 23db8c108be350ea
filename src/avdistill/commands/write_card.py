"""`avdistill write-card`: describe models and data of a run for those who get them."""

from argparse import Namespace
from pathlib import Path

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET

COMMAND = Command(
    summary="write the card of a run: data, commit, configuration, models, accuracy, licence",
    example="avdistill write-card "
    "--configuration configuration.json --dataset results/dataset.json "
    "--raw results/raw/manifest.csv --records results/records/manifest.csv "
    "--accuracy results/evaluation/accuracy.csv --models results/teachers/all/dualcamnet/seed0 "
    "--citation CITATION.cff --page results/card/README.md --facts results/card/card.json",
    options=(
        path_option(
            "--configuration",
            help="the configuration as JSON, such as /dev/stdin; defaults may be left out",
        ),
        DATASET,
        path_option("--raw", help="manifest of the raw data"),
        path_option("--records", help="manifest of the records"),
        path_option("--accuracy", help="CSV of summarise-accuracy"),
        path_option("--models", nargs="+", help="folders of all trained networks"),
        path_option("--citation", help="CITATION.cff"),
        path_option(
            "--project",
            required=False,
            default=Path(),
            help="folder of the project, whose commit the card names (default: this folder)",
        ),
        path_option("--page", help="Markdown to write"),
        path_option("--facts", help="JSON to write, with the same facts"),
    ),
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
