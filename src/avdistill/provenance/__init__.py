"""The origin of results: digests of code and of the user's files, the commit, old results."""
