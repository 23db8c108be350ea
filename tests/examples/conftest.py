"""TensorFlow for all tests of this folder."""

from avdistill.examples.determinism import configure

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
configure(seed=0, threads=2)
