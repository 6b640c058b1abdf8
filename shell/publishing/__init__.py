"""Publishing from the command line: the folder's files to the server, and what the server says of releases."""
