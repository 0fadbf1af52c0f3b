"""Coverage by broken rules: one operator, constant, comparison or join is flipped at a time, and the tests that concern
the file have to notice. What none notices is a rule that nothing holds in place.
"""
