"""What a YAML file may say: strict models, the loader, and errors with line and column."""
