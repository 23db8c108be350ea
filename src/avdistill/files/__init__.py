"""Files that are written whole or not at all, with lists of their checksums."""
