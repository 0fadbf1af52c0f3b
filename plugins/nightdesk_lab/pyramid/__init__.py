"""The pyramid of colours on demo banks of several seeds: how many of each colour, and what decided them."""
