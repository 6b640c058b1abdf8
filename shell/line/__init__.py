"""Commands as lines of text: split into words here, typed into the window's command line, recorded, repeated."""
