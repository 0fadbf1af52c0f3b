"""The mail: own MIME, own transports, and an outbox that sends each list at most once."""
