"""Web pages inside the widget tree, shown by Chromium (QtWebEngine); through the public door only."""
