"""Problems from a table become errors that users can read."""

import pytest

from avdistill.errors import InputError, explain_errors, refuse

PROBLEMS = {
    FileNotFoundError: "no such file; make it",
    OSError: "cannot be read ({error.strerror}); get it again",
    (KeyError, ValueError): "wrong ({error}); correct it",
}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(2, "absent"), "a.txt: no such file; make it"),
        (PermissionError(13, "forbidden"), "a.txt: cannot be read (forbidden); get it again"),
        (ValueError("not {a} number"), "a.txt: wrong (not {a} number); correct it"),
        (InputError("b.txt: is empty"), "b.txt: is empty"),
    ],
)
def test_the_first_kind_that_fits_explains_an_error(error, message):
    with pytest.raises(InputError) as raised, explain_errors("a.txt", PROBLEMS):
        raise error
    assert str(raised.value) == message


def test_an_error_of_no_such_kind_stays():
    with pytest.raises(ZeroDivisionError), explain_errors("a.txt", PROBLEMS):
        raise ZeroDivisionError


def test_the_first_problem_is_the_message():
    refuse("a.txt", {"is empty": False, "names are missing": []})
    with pytest.raises(InputError, match=r"^a\.txt: is short$"):
        refuse("a.txt", {"is empty": False, "is short": True, "is wrong": True})
