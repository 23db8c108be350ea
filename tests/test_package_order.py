"""Packages import one way: a reader who goes from left to right has met whatever is used."""

import ast
from pathlib import Path

import avdistill

PACKAGE = Path(avdistill.__file__).parent
# Packages of one line know nothing of each other.
ORDER = (
    "errors",
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
    """Yield each module's package, its path below ours, and its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if name != "__init__.py":
            yield name.removesuffix(".py").partition("/")[0], name, ast.parse(path.read_bytes())


def imported(nodes):
    """Name what is imported, in full."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from avdistill import commands` names a package, other such imports what is in one.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((name, node.lineno) for name in names)


def test_every_package_has_its_place():
    assert {package for package, _, _ in modules()} == PLACES.keys()


def test_imports_go_to_the_left_only():
    wrong = []
    for package, name, tree in modules():
        for whole, line in imported(ast.walk(tree)):
            root, _, rest = whole.partition(".")
            other = rest.partition(".")[0]
            is_ours = root == "avdistill" and other in PLACES and other != package
            if is_ours and PLACES[other] >= PLACES[package]:
                wrong.append(f"{name}:{line} imports {whole}")
    assert not wrong, "\n".join(
        ["move what these import to the left of them, or pass it in; the order is", *ORDER, *wrong]
    )


def test_src_works_without_the_engines():
    wrong = [
        f"{name}:{line} imports {whole}"
        for _, name, tree in modules()
        for whole, line in imported(ast.walk(tree))
        if whole.partition(".")[0] in ("snakemake", "dvc")
    ]
    assert not wrong, "only workflow/ may use an engine's code:\n" + "\n".join(wrong)
