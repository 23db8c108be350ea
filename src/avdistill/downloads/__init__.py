"""Download of archives and files, and safe unpacking."""
