"""What a study, a candidate, a cell or a space is: typed, and read in one place."""
