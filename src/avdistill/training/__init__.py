"""Fitting teachers, exporting soft labels, distilling students, searching the grid."""
