"""The pages: what the API says, in a browser, and a study's report as one file made from the same templates.

`views` find in the store what a page shows, `templates` lay it out, `pages` are the addresses. Views, charts and
rendering know neither FastAPI nor requests: the report is made of them without a server.
"""
