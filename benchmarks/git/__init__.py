"""The log of a repository of 100,000 commits: its first rows, beside tig."""
