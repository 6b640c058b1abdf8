"""Rows of a table to a file and back: CSV, TSV, JSON, JSON lines, Parquet, Excel workbooks; all or nothing."""
