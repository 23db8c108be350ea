"""Runs, the settings of the jobs that make them, and the files that these jobs read."""
