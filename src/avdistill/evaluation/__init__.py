"""Accuracy, intervals, confusion and nearest neighbours, all from predictions."""
