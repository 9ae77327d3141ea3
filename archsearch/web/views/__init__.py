"""What pages show, read from the store as plain values for the templates: no FastAPI, no requests."""
