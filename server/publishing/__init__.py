"""Releases come about here: whether a tree is fit, who may publish it, on which channel, and what is told of it."""
