"""The one exception that users are meant to see."""


class InputError(Exception):
    """Something that the user can mend: the message names the file and the mend.

    The command line prints the message alone, without a traceback, and exits with status 1.
    """
