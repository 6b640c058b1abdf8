"""The text editor: a key to its paint, with a language server, beside bare QScintilla; a file of 200 MB beside kate."""
