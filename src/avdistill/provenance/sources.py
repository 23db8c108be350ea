"""Which source files a verb's results depend on, read from the import statements.

Snakemake reruns a job whose inputs differ in content; the workflow lists these files as inputs,
so that changing a network's code reruns what that network is used for and nothing else.
"""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# How files are written, training is watched and problems are told decides no result.
_WITHOUT_INFLUENCE = {
    "__init__",
    "files.atomic",
    "cli",
    "errors",
    "files.manifest",
    "provenance.sources",
    "training.live",
}


def source_files(*modules: str) -> list[str]:
    """List the files of `modules` and of everything of ours that they import, however deep.

    Parameters
    ----------
    modules : names below the package, such as `commands.train_teacher` or `networks.hearnet`.

    Returns
    -------
    Sorted paths relative to the project's folder, such as `src/avdistill/networks/hearnet.py`.
    """
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found or module in _WITHOUT_INFLUENCE:
            continue
        found.add(module)
        waiting.extend(_imports(module))
    return sorted(f"src/avdistill/{module.replace('.', '/')}.py" for module in found)


@cache
def _imports(module: str) -> list[str]:
    tree = ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    ours = (name.removeprefix("avdistill.") for name in names if name.startswith("avdistill."))
    return [name for name in ours if (PACKAGE / f"{name.replace('.', '/')}.py").is_file()]
