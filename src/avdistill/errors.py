"""The exception for problems that users can solve."""


class InputError(Exception):
    """A problem that the user can solve; the message names the file and what to do.

    The command line prints the message alone, without a traceback, and exits with status 1.
    """
