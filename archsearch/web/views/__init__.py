"""What pages show, found in the store: plain values for the templates. No FastAPI, no requests."""
