"""What stands of published nights, for people: exports, explanations, the morning's state, what pages are made of."""
