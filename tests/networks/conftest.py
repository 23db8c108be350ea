"""TensorFlow as every verb starts it."""

from avdistill.training.determinism import configure

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
configure(seed=0, threads=2)
