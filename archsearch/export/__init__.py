"""What a user takes home: a cell as the text of a file."""
