import numpy as np
import pandas as pd
import pytest

from avdistill.errors import InputError
from avdistill.evaluation.confusion import confusion_counts, normalise_rows

PREDICTIONS = pd.DataFrame({"actual": [0, 0, 0, 2], "predicted": [0, 1, 1, 2]})


def test_rows_are_actual_and_columns_predicted():
    counts = confusion_counts(PREDICTIONS, 3)
    assert counts.tolist() == [[1, 2, 0], [0, 0, 0], [0, 0, 1]]
    np.testing.assert_allclose(
        normalise_rows(counts), [[1 / 3, 2 / 3, 0], [0, 0, 0], [0, 0, 1]], rtol=1e-12
    )


def test_a_label_without_a_name_is_refused():
    with pytest.raises(InputError, match="2 classes are named"):
        confusion_counts(PREDICTIONS, 2)
