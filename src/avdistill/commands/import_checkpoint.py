"""`avdistill import-checkpoint`: the released code's weights in our networks."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option

COMMAND = Command(
    summary="turn a TensorFlow 1 checkpoint of the released code into a Keras model",
    example="avdistill import-checkpoint --network hearnet --checkpoint HearNet/model.ckpt "
    "--output hearnet.keras",
    options=(
        option("--network", required=True, help="its name here or in the released code"),
        path_option(
            "--checkpoint",
            help="prefix of the checkpoint's files, or an .npz with one array per variable",
        ),
        path_option("--output", help="the .keras file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Import one checkpoint."""
    from avdistill.errors import InputError
    from avdistill.networks.published_checkpoints import import_checkpoint
    from avdistill.results.model_folder import save_model

    if arguments.output.suffix != ".keras":
        raise InputError(f"{arguments.output}: the name of a model ends in .keras")
    save_model(import_checkpoint(arguments.network, arguments.checkpoint), arguments.output)
