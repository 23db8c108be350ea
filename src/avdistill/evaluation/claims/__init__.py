"""What the paper says one should see, each statement tested on results (reference: supplement)."""
