"""Charts with pyqtgraph, through the public door only."""
