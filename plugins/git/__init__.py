"""Git: tables of a repository and views of its history and its changes."""
