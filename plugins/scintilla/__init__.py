"""A text editor with QScintilla, through the public door only."""
