"""Audio-visual model distillation using acoustic images (WACV 2020), reproduced end to end."""

from avdistill.keras_import import hide_optional_packages_from_keras

__version__ = "0.1.0"

hide_optional_packages_from_keras()
