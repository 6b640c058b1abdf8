"""The content-addressed cache of a user, shared by all processes."""
