"""`avdistill document-configuration`: the configuration's reference, from the typed model."""

from argparse import Namespace

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="write the configuration's reference (README.md) and its JSON schema (schema.json)",
    example="avdistill document-configuration --output config",
    options=(path_option("--output", help="folder to write into"),),
)


def run(arguments: Namespace) -> None:
    """Write both files."""
    from avdistill.configuration.configuration import Configuration
    from avdistill.configuration.reference import configuration_reference
    from avdistill.files.atomic import write_json, write_text

    write_text(arguments.output / "README.md", configuration_reference())
    write_json(arguments.output / "schema.json", Configuration.model_json_schema())
