"""One row of a view whole: all its columns, the rows it refers to and those that refer to it."""
