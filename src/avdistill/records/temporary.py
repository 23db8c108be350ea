"""Where a job keeps what it has decoded: in memory, or in temporary files without a name.

Such a file is gone with the process, however that ends.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal, get_args

from avdistill.errors import InputError

# In `memory`; on `disk`, in a file below TMPDIR; or `none`: it is decoded in every epoch.
Cache = Literal["memory", "disk", "none"]
CACHES: tuple[Cache, ...] = get_args(Cache)


@contextmanager
def temporary_file(size: int, content: str) -> Iterator[BinaryIO]:
    """Yield an empty file below `TMPDIR`, or where the system has such, with room for `size` bytes.

    What is mapped into memory outlives the block. Its room is taken at once, so that no page of
    such a map can be without a place on the disk, which would end the process by SIGBUS.

    Parameters
    ----------
    content : what will be in it, for messages.

    Raises
    ------
    InputError : the folder is missing, may not be written or has no room; also for what is raised
        for such a reason in the block.
    """
    # Where TMPDIR cannot be used, `gettempdir` takes another folder without saying so.
    folder = os.environ.get("TMPDIR") or tempfile.gettempdir()
    try:
        if shutil.disk_usage(folder).free < size:  # taking what is left would harm others there
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # macOS has none: there, writing tells
                os.posix_fallocate(file.fileno(), 0, size)
            yield file
    except OSError as error:
        raise InputError(
            f"{folder}: cannot take {size / 1e9:.3g} GB of {content} ({error.strerror}); name "
            "another folder by TMPDIR (Snakemake: resource tmpdir), or set training.cache to none"
        ) from error
