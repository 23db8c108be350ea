"""The formats of what a run leaves behind: written by one phase, read by others."""
