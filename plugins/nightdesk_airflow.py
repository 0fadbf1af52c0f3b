"""What Airflow finds here when it looks for plugins: Nightdesk's timetable, and the notes of its runs."""

from nightdesk.orchestration.plugin import NightdeskPlugin

__all__ = ["NightdeskPlugin"]
