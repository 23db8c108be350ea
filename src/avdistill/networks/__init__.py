"""One file per network, the shared head, and weights from elsewhere."""
