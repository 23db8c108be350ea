"""The typed configuration: its sections, and what is derived from them."""
