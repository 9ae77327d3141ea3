"""The routes, by what they are about. Each file offers its table as `ROUTES`."""
