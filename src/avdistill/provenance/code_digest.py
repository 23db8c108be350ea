"""A digest of what a verb's code does, so that what it does not do reruns nothing.

Every rule has the digest of its verb, and of its one network, as a parameter. Snakemake compares
parameters by value: a rule runs again when its code does something else, whatever the times of
files, and does not for another comment, docstring, annotation or help text.

What counts is each module's syntax tree without these, in a form of our own: `ast.dump` writes one
tree in other ways with other versions of Python.
"""

import ast
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from avdistill.errors import InputError

PACKAGE = Path(__file__).parents[1]

# Modules, and packages of them, that decide no result, and why. Nor does what only they import.
_WITHOUT_INFLUENCE = {
    "configuration": "what a rule takes from it is a parameter, and compared by value",
    "errors": "messages are shown, not kept",
    "files.atomic": "how a file is written does not decide what is in it",
    "files.manifest": "it lists files and their digests, whatever they hold",
    "provenance.code_digest": "a digest is compared by value",
    "training.progress": "lines of progress are shown, not kept",
    "training.progress_logs": "progress is logged beside the results",
}
# Imported for annotations. What else they have is known by its name, wherever it comes from.
_FOR_ANNOTATIONS = {"__future__", "collections.abc", "typing"}
# Functions of argparse, of pydantic and of ours in argparse's way, and their texts for users.
_DECLARING = re.compile(r"ArgumentParser|Field|add_\w*(argument|group|options?|parsers?)")
_HELP_TEXTS = {"description", "epilog", "help", "metavar"}
_TEXTS_OF_COMMANDS = {"EXAMPLE", "SUMMARY"}
# The list of all networks, and what its entries are called: other networks' do not count.
_REGISTRY, _ENTRY = "networks.registry", "NetworkSpec"
_ALL: frozenset[str] = frozenset()  # where none is named, every entry counts
# Fields of the syntax tree that change nothing, or that not every version of Python has.
_SKIPPED = {"ctx", "kind", "simple", "type_comment", "type_params"}


class _Module(NamedTuple):
    """A module's digest (empty if it does nothing) and the modules of ours that it imports."""

    digest: str
    imports: tuple[str, ...]


def code_digest(*modules: str) -> str:
    """Digest what modules, and all of ours that they import, do.

    Parameters
    ----------
    modules : names below the package, such as `commands.train_teacher` or `networks.hearnet`. If
        networks are among them, other networks' entries in the registry do not count.

    Returns
    -------
    Hexadecimal sha256; the same with Python 3.11, 3.12 and 3.13.

    Raises
    ------
    InputError : there is no module of such a name.
    """
    networks = [name for name in modules if name.startswith("networks.")]
    named = frozenset(network.removeprefix("networks.") for network in networks)
    lines = [
        f"{name} {_read(PACKAGE, name, named if name == _REGISTRY else _ALL).digest}\n"
        for name in module_closure(*modules)
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def module_closure(*modules: str) -> list[str]:
    """List modules and all of ours that they import, however deep and however late.

    An import in a function counts; one that is only for type checkers does not. Modules without
    influence on results, and those that do nothing, are left out.

    Parameters
    ----------
    modules : as those of `code_digest`.

    Returns
    -------
    Sorted names below the package.

    Raises
    ------
    InputError : there is no module of such a name.
    """
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found and not {name, name.partition(".")[0]} & _WITHOUT_INFLUENCE.keys():
            found.add(name)
            waiting += _read(PACKAGE, name, _ALL).imports
    return sorted(name for name in found if _read(PACKAGE, name, _ALL).digest)


@cache
def _read(package: Path, name: str, networks: frozenset[str]) -> _Module:
    file = _file_of(package, name)
    if file is None:
        raise InputError(f"{name}: there is no such module in {package}; correct its name")
    tree = ast.parse(file.read_bytes(), file)
    if name.startswith("commands."):
        tree.body = [one for one in tree.body if not _is_text_of_command(one)]
    _strip(tree)
    nodes = list(ast.walk(tree))
    _drop_other_networks(nodes, networks)
    texts = [_write(statement) for statement in tree.body]
    texts += [_digest_of(data) for data in _data_files(nodes, file.parent)]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest() if texts else ""
    return _Module(digest, tuple(sorted(_imports(nodes, package, name))))


def _file_of(package: Path, name: str) -> Path | None:
    path = package.joinpath(*name.split("."))
    files = (path.with_name(f"{path.name}.py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _data_files(nodes: list[ast.AST], folder: Path) -> list[Path]:
    """Find files beside a module whose names stand in it, such as templates."""
    beside = {file.name for file in folder.iterdir() if file.is_file() and file.suffix != ".py"}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)} if beside else set()
    return [folder / name for name in sorted(beside & texts)]


def _imports(nodes: list[ast.AST], package: Path, name: str) -> set[str]:
    """Name the modules of ours that a module imports, and the packages that they lie in."""
    imported = []
    for node in nodes:
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise InputError(f"{name}: write its imports in full, from {package.name} on")
            imported += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    found = {name.rpartition(".")[0]} - {""}
    for whole in imported:
        root, *parts = whole.split(".")
        if root == package.name:
            found |= {".".join(parts[:number]) for number in range(1, len(parts) + 1)}
    return {one for one in found if _file_of(package, one)}


def _is_text_of_command(node: ast.stmt) -> bool:
    names = getattr(node, "targets", [])
    return len(names) == 1 and getattr(names[0], "id", None) in _TEXTS_OF_COMMANDS


def _drop_other_networks(nodes: list[ast.AST], names: frozenset[str]) -> None:
    """Take other entries than those of the named networks away; if it names none, none."""
    lists = [node for node in nodes if isinstance(node, ast.Tuple | ast.List)]
    if {_network_of(entry) for node in lists for entry in node.elts} & names:
        for node in lists:
            node.elts = [entry for entry in node.elts if _network_of(entry) in (None, *names)]


def _network_of(node: ast.expr) -> str | None:
    """Give the network's name of an entry of the registry; None: it is something else."""
    match node:
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=name), *_]):
            return name if kind == _ENTRY else None
    return None


def _strip(tree: ast.Module) -> None:
    """Take away in place what changes no result."""
    for node in ast.walk(tree):
        in_class = isinstance(node, ast.ClassDef)
        for block in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, block, None), list):
                kept = [one for each in statements for one in _acting(each, in_class)]
                setattr(node, block, kept)
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.Call) and _has_help(node.func):
            node.keywords = [one for one in node.keywords if one.arg not in _HELP_TEXTS]


def _acting(node: ast.stmt, in_class: bool) -> list[ast.stmt]:
    """Give a statement without what does nothing in it; if that is all of it, none.

    In a class an annotation does something: it makes a field, pydantic converts values by it, and
    so does our own reader of lists of clips.
    """
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):  # a docstring is such an expression
            return []
        case ast.ImportFrom(module=module, level=0) if module in _FOR_ANNOTATIONS:
            return []
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return [one for each in node.orelse for one in _acting(each, in_class)]
        case ast.AnnAssign(target=target, value=value) if not in_class:
            return [ast.Assign([target], value)] if value else []
    return [node]


def _has_help(function: ast.expr) -> bool:
    name = getattr(function, "attr", None) or getattr(function, "id", "")
    return _DECLARING.fullmatch(name) is not None


def _write(node: object) -> str:
    """Write a part of a syntax tree: the same text for whichever version of Python."""
    if isinstance(node, list):
        return f"[{','.join(map(_write, node))}]"
    if not isinstance(node, ast.AST):
        # Which signs Python shows as they are depends on its version, too.
        return f"{type(node).__name__}:{node!a}"
    if isinstance(node, ast.JoinedStr):
        return f"JoinedStr({','.join(_pieces(node))})"
    fields = [
        f"{name}={_write(value)}"
        for name in sorted({*node._fields} - _SKIPPED)
        if (value := getattr(node, name, None)) not in (None, [])
    ]
    return f"{type(node).__name__}({','.join(fields)})"


def _pieces(node: ast.JoinedStr) -> list[str]:
    """Write the pieces of an f-string; versions of Python cut its text in different places."""
    pieces, text = [], ""
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += value.value
        else:
            specification = _pieces(value.format_spec) if value.format_spec else []
            pieces += [ascii(text)] if text else []
            pieces.append(f"{_write(value.value)}!{value.conversion}:{','.join(specification)}")
            text = ""
    return pieces + ([ascii(text)] if text else [])
