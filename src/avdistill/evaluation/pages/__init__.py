"""The tables as small pages for the report, each a file that needs nothing else."""
