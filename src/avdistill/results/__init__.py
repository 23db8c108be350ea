"""The file formats of results: one phase writes each of them, and others read it."""
