"""Every trained network on the test sequences of every scope that it was not trained on."""
