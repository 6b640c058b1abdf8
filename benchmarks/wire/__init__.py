"""Request/reply with 200-byte payloads on one connection, 50 in flight: ours, pyzmq's, uvicorn's."""
