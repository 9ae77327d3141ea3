"""Studies: what is proposed, evaluated and recorded, in three phases. The only package that knows Optuna."""

DEFAULT_STORAGE = "sqlite:///archsearch.db"
"""Where studies are stored unless `--storage` or `$ARCHSEARCH_STORAGE` says otherwise."""
