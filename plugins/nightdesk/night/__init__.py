"""The night, step by step: plain functions that the command line and the DAGs both call."""
