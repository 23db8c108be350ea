"""Packages import one way: a reader who goes from left to right has met whatever is used."""

import ast
from pathlib import Path

import pytest

import avdistill

PACKAGE = Path(avdistill.__file__).parent
# Packages of one line know nothing of each other.
ORDER = (
    "errors keras_import",
    "files",
    "downloads",
    "provenance",
    "avia",
    "records simulation",
    "networks",
    "configuration",
    "runs",
    "results",
    "examples",
    "training",
    "vision evaluation",
    "transfer",
    "figures",
    "plan options",
    "commands",
    "cli",
)
PLACES = {name: place for place, names in enumerate(ORDER) for name in names.split()}


def modules():
    """List the modules by their paths below the package, each with its text."""
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py")
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in paths}


def package_of(module):
    """Name the package, or the module beside all packages, that a path is of."""
    return module.removesuffix(".py").partition("/")[0]


def imports(module, text):
    """List what a module imports, however late: where, and the name in full."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return [(f"{module}:{line} imports {name}", name) for line, name in found]


def wrong_imports(module, text):
    """List the imports of what stands on the same line of the order, or to the right of it."""
    wrong, own = [], package_of(module)
    for message, name in imports(module, text):
        root, *parts = name.split(".")
        if root == "avdistill" and parts[0] in PLACES.keys() - {own}:
            wrong += [message] if PLACES[parts[0]] >= PLACES[own] else []
    return wrong


def test_every_package_has_its_place():
    assert {package_of(module) for module in modules()} == PLACES.keys()


def test_imports_go_to_the_left_only():
    wrong = [message for module in modules().items() for message in wrong_imports(*module)]
    advice = ("Move what is imported to the left, or pass it in. The order is:", *ORDER)
    assert not wrong, "\n".join([*wrong, *advice])


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("training/job.py", "from avdistill.vision.features import read_frames"),
        ("training/job.py", "def late():\n    from avdistill.evaluation import tables"),
        ("vision/noise.py", "import avdistill.evaluation.tables"),
        ("configuration/training.py", "from avdistill import training"),
        ("errors.py", "from avdistill.files.atomic import write_json"),
    ],
)
def test_an_import_to_the_right_is_found(module, text):
    assert len(wrong_imports(module, text)) == 1


def test_src_works_without_the_engines():
    engines = ("snakemake", "dvc")
    wrong = [
        message
        for module in modules().items()
        for message, name in imports(*module)
        if name.partition(".")[0] in engines
    ]
    assert not wrong, "\n".join([*wrong, f"Only workflow/ may import {' and '.join(engines)}."])
