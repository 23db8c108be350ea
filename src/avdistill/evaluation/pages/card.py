"""The card as Markdown, in the usual form of cards of published models and data sets."""

import re
from pathlib import Path
from typing import Any

import yaml

from avdistill.evaluation.initial_weights import RANDOM_BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_words
from avdistill.evaluation.pages.columns import interval, per_cent
from avdistill.evaluation.pages.document import render
from avdistill.networks.registry import network_spec
from avdistill.provenance.commit import SOURCES
from avdistill.results.model_folder import MODEL_FILE

_TEMPLATE = Path(__file__).with_name("card.md")
_PATHS_SHOWN = 10


def card_page(facts: dict[str, Any]) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    facts : from `avdistill.evaluation.card`.
    """
    models, configuration = facts["models"], facts["configuration"]["values"]
    weights = sorted({model["initial_weights"] for model in models} - {"random"})
    return render(
        _TEMPLATE,
        **facts,
        # What the template decides by.
        simulated=facts["data"]["source"] == "simulated",
        note=configuration["report"]["note"],
        terms=facts["licence"]["data_and_models"],
        students=[model for model in models if network_spec(model["network"]).role == "student"],
        weights_from_elsewhere=[name for name in weights if not name.startswith(RANDOM_BACKBONE)],
        # How it writes values.
        configuration_yaml=yaml.safe_dump(configuration, allow_unicode=True, width=100).rstrip(),
        accuracy=per_cent("accuracy_crop", "").cell,
        interval=interval("").cell,
        chance=per_cent("chance", "").cell,
        initial_weights=initial_weights,
        model_label=model_label,
        scope_words=scope_words,
        plain=_plain,
        size=_size,
        thousands="{:,}".format,
        # Constants.
        model_file=MODEL_FILE,
        paths_shown=_PATHS_SHOWN,
        sources=SOURCES,
    )


def _plain(text: str) -> str:
    """Return text escaped for Markdown, so that it is shown as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def _size(size: int) -> str:
    return f"{size / 1e9:,.2f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
