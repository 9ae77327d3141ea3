"""The addresses of pages: each file has a table of routes, as those of the API."""
