"""The text editor: a key to its paint beside bare QScintilla in the same process, a file of 200 MB beside kate."""
