"""A cell's equations as text and as LaTeX, each with a sentence that is made from its structure."""
