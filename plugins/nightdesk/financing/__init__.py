"""Financing: what a loan asks of whom it is lent to."""
