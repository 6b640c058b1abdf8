"""The first web view of a process, beside a bare QWebEngineView."""
