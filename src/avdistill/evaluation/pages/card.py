"""The card as Markdown, in the usual form of cards of published models and data sets."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from avdistill.evaluation.initial_weights import RANDOM_BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_words
from avdistill.evaluation.pages.columns import interval, per_cent
from avdistill.networks.registry import network_spec
from avdistill.provenance.commit import SOURCES
from avdistill.results.model_folder import MODEL_FILE

_PATHS_SHOWN = 10
_SIMULATED = (
    "**The data are simulated.** The accuracies below say nothing about real recordings, and are "
    "not to be set beside the paper's: how hard each class is, and which are confused, is an input "
    "of the simulation, not a finding."
)
_RECORDINGS = "The sounds are recordings, played in the simulated world."
_COMMIT = (
    "It is the commit at which this card was written. Later commits that change nothing that these "
    "results depend on leave the card as it is."
)
_UNCOMMITTED = (
    "No commit holds what made these results. Once all is committed, `snakemake --cores 1 "
    "--forcerun write_card -- card` writes the card with that commit."
)
_PURPOSE = (
    "Research and teaching on how teachers that see acoustic images and video pass what they know "
    "to students that hear one microphone. Every network chooses one of the classes above, "
    "whatever it is given, and knows no other sound. How it does in other rooms and with other "
    "microphones or people is not in these numbers. Not for decisions about people, nor where a "
    "mistake does harm."
)
_INTERVALS = (
    "Accuracy is of test crops (1 s for teachers, 5 s for students) in the scope that a network "
    "was trained on. Crops of one sequence are alike: intervals resample whole sequences."
)
_BACKBONES = (
    "Networks that see video take features that a frozen backbone computes of its frames "
    "(`results/vision`); `card.json` names each one's by its sha256."
)


def card_page(facts: dict[str, Any]) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    facts : from `avdistill.evaluation.card`.
    """
    project, data, models = facts["project"], facts["data"], facts["models"]
    simulated = data["source"] == "simulated"
    note = facts["configuration"]["values"]["report"]["note"]
    source = "simulated data" if simulated else _plain(data["source"])
    lines = [
        "---",
        yaml.safe_dump(_front_matter(facts["licence"]), sort_keys=False).rstrip(),
        "---",
        "",
        f"# Card: models and data of an {project['name']} run on {source}",
        "",
        *([f"> {_SIMULATED}", ""] if simulated else []),
        *([_plain(note), ""] if note else []),
        f"Made by {project['name']} {project['version']}, which reproduces *Audio-Visual Model "
        "Distillation Using Acoustic Images*. `card.json` holds the same for programs.",
        "",
        "## Data",
        "",
        *_data(data, simulated=simulated),
        "",
        "## Code and configuration",
        "",
        _commit(facts["commit"]),
        "",
        *_configuration(facts["configuration"]),
        "",
        "## Models",
        "",
        _INTERVALS,
        "",
        *_accuracies(models),
        "",
        *_model_files(models),
        "",
        "## How to use them",
        "",
        *_usage(models),
        "",
        "## What they are for, and what not",
        "",
        _PURPOSE,
        "",
        "## Licence",
        "",
        _licence(facts["licence"], simulated=simulated),
        *_weights_from_elsewhere(models),
        "",
        "## Citation",
        "",
        *(f"- {citation}" for citation in project["citations"]),
        "",
    ]
    return "\n".join(lines)


def _front_matter(licence: dict[str, Any]) -> dict[str, Any]:
    """Return the card's front matter, as sites that publish models read it."""
    terms = licence["data_and_models"]
    identifier = "mit" if terms == "MIT" else "unknown" if terms is None else "other"
    return {
        "license": identifier,
        "library_name": "keras",
        "tags": ["audio-classification", "knowledge-distillation", "acoustic-images"],
    }


def _data(data: dict[str, Any], *, simulated: bool) -> list[str]:
    source = _plain(data["source"])
    if simulated and data["sounds"] == "recordings":
        source = f"{source}. {_RECORDINGS}"
    seconds = data["sequence_seconds"]
    rows = [
        ("source", source),
        (
            "sequences",
            f"{data['sequences']:,} of {seconds} s: {data['sequences'] * seconds:,} s in all",
        ),
        ("classes", _listed(data["classes"])),
        ("scenarios", _listed(data["scenarios"])),
        ("subjects", str(data["subjects"])),
        ("modalities", ", ".join(data["modalities"])),
    ]
    for name, key in (("raw data", "raw"), ("records", "records")):
        files = data[key]
        rows.append(
            (
                name,
                f"{files['files']:,} files, {_size(files['bytes'])}; `{files['manifest']}` lists "
                f"each with its sha256 and has itself the sha256 `{files['sha256']}`",
            )
        )
    return _table(("", ""), rows)


def _commit(commit: dict[str, Any]) -> str:
    if commit["unknown"] is not None:
        return f"Commit: unknown: {commit['unknown']}."
    sources = ", ".join(f"`{name}`" for name in SOURCES)
    changed = commit["uncommitted"]
    if not changed:
        return f"Commit: `{commit['sha1']}`, with no change to {sources}. {_COMMIT}"
    shown = ", ".join(f"`{path}`" for path in changed[:_PATHS_SHOWN])
    if len(changed) > _PATHS_SHOWN:
        shown += f" and {len(changed) - _PATHS_SHOWN} more"
    return (
        f"Commit: `{commit['sha1']}`, **with changes that were not committed**: {shown}. "
        f"{_UNCOMMITTED}"
    )


def _configuration(configuration: dict[str, Any]) -> list[str]:
    values = yaml.safe_dump(configuration["values"], allow_unicode=True, width=100)
    return [
        f"Configuration: sha256 `{configuration['sha256']}`, of what Python's `json.dumps(values, "
        "sort_keys=True, separators=(',', ':'), ensure_ascii=False)` makes of it. Every default "
        "stands in it; keys that change no result don't.",
        "",
        "<details><summary>The configuration</summary>",
        "",
        "```yaml",
        values.rstrip(),
        "```",
        "",
        "</details>",
    ]


def _accuracies(models: Sequence[dict[str, Any]]) -> list[str]:
    accuracy, ends, chance = (
        column.cell
        for column in (per_cent("accuracy_crop", ""), interval(""), per_cent("chance", ""))
    )
    rows = []
    for model in models:
        test = model["test"]
        size = f"{test['crops']:,} ({test['sequences']:,})"
        rows.append(
            (
                _plain(model_label(model["network"], model["supervision"])),
                scope_words(model["scope"]),
                str(model["seed"]),
                accuracy(test),
                ends(test),
                chance(test),
                size,
                _plain(initial_weights(model)),
            )
        )
    heads = ("network", "trained on", "seed", "accuracy", "95 % interval", "chance")
    return _table((*heads, "crops (sequences)", "initial weights"), rows)


def _model_files(models: Sequence[dict[str, Any]]) -> list[str]:
    rows = (
        (f"`{model['folder']}/{MODEL_FILE}`", _size(model["bytes"]), f"`{model['sha256']}`")
        for model in models
    )
    lines = _table(("file", "size", "sha256"), rows)
    return [*lines, "", _BACKBONES] if any(model["backbone"] for model in models) else lines


def _usage(models: Sequence[dict[str, Any]]) -> list[str]:
    students = [m for m in models if network_spec(m["network"]).role == "student"]
    folder = (students or models)[0]["folder"]
    lines = [
        "Every folder above also holds `model.json`: classes, sample rates and what else "
        "prediction needs. From any project that has DVC and avdistill:",
        "",
        "```sh",
        f"dvc get ADDRESS_OF_THE_REPOSITORY {folder} --out model",
    ]
    if students:
        lines.append("avdistill predict --model model clip.wav  # a student: hears sound files")
    return [
        *lines,
        "```",
        "",
        "```python",
        "from avdistill.results.model_folder import open_model_directory",
        "",
        "# A Keras model that gives logits, what kind of network it is, and model.json.",
        'model, spec, description = open_model_directory("model")',
        "```",
    ]


def _licence(licence: dict[str, Any], *, simulated: bool) -> str:
    code, terms = licence["code"], licence["data_and_models"]
    if terms is None:
        whose = "the recordings" if simulated else "the data"
        return (
            f"The code: {code}. **The terms of {whose}, and of models trained on them, are not "
            f"stated.** Before publishing either, ask who owns {whose}, and put the answer into "
            "`report.licence` of the configuration."
        )
    return f"The code: {code}. The data and the models trained on them: {_plain(terms)}."


def _weights_from_elsewhere(models: Sequence[dict[str, Any]]) -> list[str]:
    weights = sorted({model["initial_weights"] for model in models})
    elsewhere = [
        name for name in weights if name != "random" and not name.startswith(RANDOM_BACKBONE)
    ]
    if not elsewhere:
        return []
    return [
        "",
        f"Some models began with weights from elsewhere ({', '.join(map(_plain, elsewhere))}), "
        "whose terms hold as well.",
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = (heads, ["---"] * len(heads), *rows)
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _listed(names: Sequence[str]) -> str:
    return f"{len(names)}: {', '.join(map(_plain, names))}"


def _plain(text: str) -> str:
    """Return text escaped for Markdown, so that it is shown as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def _size(size: int) -> str:
    return f"{size / 1e9:,.2f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
