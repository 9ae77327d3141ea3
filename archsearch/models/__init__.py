"""Models: cells over layers and time, connections between layers, and the head."""
