"""One attempt at a night: opened or taken up again, what it may read, and what it keeps."""
