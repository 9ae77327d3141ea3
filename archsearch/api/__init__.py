"""The HTTP API: what studies, boards and catalogues say, for programs and pages; and a client for it."""
