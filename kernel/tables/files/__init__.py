"""Files of rows read in place: separated values, JSON lines, Parquet and Arrow, completed by the engine."""
