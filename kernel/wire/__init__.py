"""The framed protocol: frames, the client's link, and the server's half of a connection."""
