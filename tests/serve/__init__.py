"""The server, run for real on a free port of this machine."""
