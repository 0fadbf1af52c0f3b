"""Keeping the project itself in order: the lock, the secrets of a deployment."""
