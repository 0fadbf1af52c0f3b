"""Chaos: a night with mail, killed before and after each write that leaves its process, then run again.

What has to hold afterwards: files, exports and outbox as if nothing had happened, no list lost, none doubled, and only
a kill within DATA leaves a list whose fate nobody knows.
"""
