"""TensorFlow for all tests of this folder."""

from avdistill.examples.tensorflow_start import start_tensorflow

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)
