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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cannot open <a.File object at 0x7f01>\nfurther lines", "cannot open …"),
        ("a" * 200, "a" * 120),
        ("", "ValueError"),
    ],
)
def test_a_reason_is_one_short_line_that_is_the_same_in_every_run(text, reason):
    problems = {ValueError: "wrong ({reason}); correct it"}
    with pytest.raises(InputError) as raised, explain_errors("a.txt", problems):
        raise ValueError(text)
    assert str(raised.value) == f"a.txt: wrong ({reason}); correct it"


def test_an_error_of_no_such_kind_stays():
    with pytest.raises(ZeroDivisionError), explain_errors("a.txt", PROBLEMS):
        raise ZeroDivisionError


def test_the_first_problem_is_the_message():
    refuse("a.txt", [(False, "is empty"), ([], "names are missing")])
    with pytest.raises(InputError, match=r"^a\.txt: is short$"):
        refuse("a.txt", [(False, "is empty"), (True, "is short"), (True, "is wrong")])


def test_a_case_may_rely_on_those_before_it():
    def cases(numbers):
        yield not numbers, "is empty"
        yield max(numbers) > 3, "has too large a number"

    with pytest.raises(InputError, match="is empty"):
        refuse("a.txt", cases([]))
    with pytest.raises(InputError, match="has too large a number"):
        refuse("a.txt", cases([4]))
