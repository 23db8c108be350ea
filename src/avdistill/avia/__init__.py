"""The AVIA data set: its vocabulary, its raw layout, and functions to read and check it."""
