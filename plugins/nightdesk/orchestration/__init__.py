"""Airflow, and the only place that knows it: tasks, defaults, the embedded services."""
