"""Where a job keeps decoded crops: in memory, or in temporary files without a name.

Such a file disappears with the process, however that ends.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal, get_args

from avdistill.errors import explain_errors

# In `memory`; on `disk`, in a file below TMPDIR; or `none`: every epoch decodes the crops again.
Cache = Literal["memory", "disk", "none"]
CACHES: tuple[Cache, ...] = get_args(Cache)


@contextmanager
def temporary_file(size: int, content: str) -> Iterator[BinaryIO]:
    """Yield an empty file below `TMPDIR`, or in the system's own place, with room for `size` bytes.

    A memory map of the file may be used after the block. The room is taken at once: a page of the
    map without a place on the disk would end the process by SIGBUS.

    Parameters
    ----------
    content : what will be in it, for messages.

    Raises
    ------
    InputError : the folder is missing, may not be written or has no room; an `OSError` in the block
        becomes one, too.
    """
    # Where TMPDIR cannot be used, `gettempdir` takes another folder without saying so.
    folder = os.environ.get("TMPDIR") or tempfile.gettempdir()
    problem = (
        f"cannot take {size / 1e9:.3g} GB of {content} ({{error.strerror}}); name another folder "
        "by TMPDIR (Snakemake: resource tmpdir), or set training.cache to none"
    )
    with explain_errors(folder, {OSError: problem}):
        if shutil.disk_usage(folder).free < size:  # to fill the disk first would harm others
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # macOS has none: there, writing fails
                os.posix_fallocate(file.fileno(), 0, size)
            yield file
