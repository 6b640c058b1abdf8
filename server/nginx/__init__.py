"""nginx in front of the source server: it has the port, serves releases' files from the disk, passes on the rest."""
