"""The palette: a letter to its lines on the screen among 100,000 entries, beside a list that rapidfuzz filters."""
