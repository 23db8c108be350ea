"""The tables as pages for the report, each a single file."""
