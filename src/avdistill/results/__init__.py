"""The file formats of results: each is written by one phase and read by others."""
