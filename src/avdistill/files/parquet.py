"""Tables as Parquet: written atomically; equal values give equal bytes."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from avdistill.errors import explain_errors
from avdistill.files.atomic import atomic_file


def write_parquet(
    path: Path,
    table: pd.DataFrame,
    kinds: Mapping[str, pa.DataType],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write some columns of a table, atomically.

    Parameters
    ----------
    kinds : names of the columns, in order, and their types.
    metadata : texts to store in the file, by name.
    """
    columns = [pa.array(table[name].to_numpy(), type=kind) for name, kind in kinds.items()]
    schema = pa.schema(list(kinds.items()), metadata=metadata)
    with atomic_file(path) as partial:
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), partial)


def read_parquet(path: Path, name: str, remedy: str) -> pd.DataFrame:
    """Read a table back.

    Parameters
    ----------
    name, remedy : what messages call the table, and what they say to do where there is none.

    Raises
    ------
    InputError : the file is missing, or is not Parquet.
    """
    problems = {
        FileNotFoundError: f"no such {name}; {remedy}",
        (pa.ArrowException, OSError): "not readable as Parquet ({error}); delete it and run again",
    }
    with explain_errors(path, problems):
        return pq.ParquetFile(path).read().to_pandas()
