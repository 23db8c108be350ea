"""The statements of the paper's supplement, each tested on results."""
