"""Sounds synthesised from the physics of their sources, one file per family."""
