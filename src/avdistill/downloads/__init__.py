"""Getting archives and files from elsewhere, and unpacking them without trusting them."""
