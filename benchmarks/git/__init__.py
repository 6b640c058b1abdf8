"""The log of long histories: the first rows, beside tig and gitk, and rows far down."""
