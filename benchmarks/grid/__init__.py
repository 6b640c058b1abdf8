"""The grid beside Qt's own table view and sqlitebrowser: opening, frames, jumps, memory, and the event loop's gaps."""
