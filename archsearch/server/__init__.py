"""HTTP machinery: who may send which request, limits, logs, problems, tables of routes. It knows nothing of studies."""
