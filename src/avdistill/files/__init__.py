"""Files of every kind, written whole or not at all; lists of their checksums."""
