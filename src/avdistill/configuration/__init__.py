"""The typed configuration: one file for each section."""
