"""Where acoustic images are kept between epochs, once decoded."""

from typing import Literal, get_args

# In `memory`; on `disk`, in a file below TMPDIR that goes with the job; or `none`: they are read
# and decoded in every epoch.
Cache = Literal["memory", "disk", "none"]
CACHES: tuple[Cache, ...] = get_args(Cache)
