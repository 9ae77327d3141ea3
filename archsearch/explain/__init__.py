"""A cell in words: its equations as text and LaTeX, roles and sentences, the nearest textbook cell, differences."""
