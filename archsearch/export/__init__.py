"""What leaves archsearch: a cell as a picture, and in other forms."""
