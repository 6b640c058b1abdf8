"""Edits that wait for their server: kept durably, shown as if written, sent in order, each once."""
