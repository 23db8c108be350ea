"""The configuration's section `transfer`: students' features on other data."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from avdistill.configuration.section import Name, Positive, Section, Seed, Sha256
from avdistill.errors import Case


def _odd(number: int) -> int:
    if number % 2 == 0:
        raise ValueError("must be odd: an even number of neighbours can be divided half and half")
    return number


class Esc10(Section):
    """ESC-10, or ESC-50 whose table marks it: real recordings."""

    folder: Name | None = Field(None, description="folder in ESC-10's or in ESC-50's layout")
    address: Name | None = Field(
        None, description="in place of a folder: path or http(s) address of a zip of either"
    )
    size: Positive | None = Field(None, description="size of that zip in bytes")
    sha256: Sha256 | None = Field(None, description="sha256 of that zip")

    def _cases(self) -> Iterator[Case]:
        yield (self.folder is None) == (self.address is None), "name either folder or address"
        is_partial = self.address is not None and None in (self.size, self.sha256)
        yield is_partial, "an address needs size and sha256"


class Dcase2018(Section):
    """TUT Urban Acoustic Scenes 2018, development set: DCASE 2018's task 1A, real recordings."""

    folder: Name | None = Field(
        None,
        description="folder in the data set's official layout; null, as in `dcase2018: {}`: the "
        "data set is downloaded (21 GB) from the addresses in config/data_registry.yaml",
    )
    validation_seed: Seed = Field(
        0, description="seed of the choice of recording locations for validation"
    )


class Transfer(Section):
    """k-nearest neighbours on the students' features."""

    neighbours: list[Annotated[int, Field(ge=1), AfterValidator(_odd)]] = Field(
        [7, 9, 11, 13, 15],
        min_length=1,
        description="values of k to choose from, by validation; each odd, and at most the number "
        "of crops of a training split",
    )
    scopes: bool = Field(True, description="transfer each student to every other scope")
    esc10: Esc10 | None = Field(None, description="transfer to ESC-10; null: none")
    dcase2018: Dcase2018 | None = Field(
        None, description="transfer to DCASE 2018's task 1A; null: none"
    )
