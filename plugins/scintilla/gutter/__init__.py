"""What is other in a text than what is kept of it, beside its lines: marks, peeks, staging by hunks, blame, history.

Who keeps versions is found through ``plugins.api.keeper_of``; nothing here knows git.
"""
