"""What the server signs, and the roles that others have signed: :class:`server.signing.signing.Signing`."""
