"""The layout language: parse, check, resolve to a node tree, dump. Imports kernel only and never Qt."""
