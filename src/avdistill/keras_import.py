"""Keras imported without the packages that it can do without, since every job waits for that.

Keras imports scikit-learn, pandas and Matplotlib if they are installed, for wrappers, data frames
and pictures that nothing here uses; docs/architecture.md says how long that takes. So these
packages are hidden while Keras is imported, and can be imported as ever afterwards.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

OPTIONAL = ("sklearn", "pandas", "matplotlib")


def hide_optional_packages_from_keras() -> None:
    """Hide `OPTIONAL` while Keras is imported, if it is not yet, at whichever `import keras`."""
    if "keras" not in sys.modules:
        sys.meta_path.insert(0, _KerasFinder())


class _KerasFinder:
    """Find Keras as Python would, with a loader that hides packages meanwhile."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "keras":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_without_packages(module: ModuleType) -> None:
                with _hidden(OPTIONAL):
                    execute(module)

            spec.loader.exec_module = execute_without_packages
        return spec


@contextmanager
def _hidden(packages: Sequence[str]) -> Iterator[None]:
    """Let imports of packages fail, of those that are not imported yet."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # with None in its place, its import fails
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
