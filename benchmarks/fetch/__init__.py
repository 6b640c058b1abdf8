"""An app's files: the first time, when nothing has changed, and when one file has; beside what others fetch with."""
