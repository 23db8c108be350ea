"""Reading and writing files: CSV, JSON, Parquet, manifests; all are written atomically."""
