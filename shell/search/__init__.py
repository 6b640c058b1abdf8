"""Finding and replacing in all files of an app: hits in a panel of the window, replaced as a whole or not at all."""
