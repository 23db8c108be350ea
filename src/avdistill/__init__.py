"""Audio-visual model distillation using acoustic images (WACV 2020), reproduced end to end."""

__version__ = "0.1.0"
