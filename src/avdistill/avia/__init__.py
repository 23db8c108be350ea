"""The AVIA data set: its vocabulary, its raw layout, and how to get and check it."""
