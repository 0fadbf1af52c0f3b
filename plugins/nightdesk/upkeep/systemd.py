"""A systemd service and timer that ask, at the deadline and without Airflow, whether the morning's lists are out."""

import sys
from pathlib import Path

from nightdesk.settings import Settings, project_root, variable_of

NAME = "nightdesk-status"


def units(settings: Settings) -> dict[str, str]:
    """File name -> text of the service and its timer, for this installation, this home and this bank's deadline.

    The service fails (exit code 9) when a list is not out: `OnFailure=` names the unit that tells somebody. Settings
    are read from an environment file beside the home; secrets stay out of both units.
    """
    command = Path(sys.executable).parent / "nightdesk"
    service = f"""\
[Unit]
Description=Nightdesk: are the morning's lists out?
After=network-online.target
Wants=network-online.target
# OnFailure=your-alert@%n.service

[Service]
Type=oneshot
WorkingDirectory={_quoted(project_root())}
Environment={_quoted(f"{variable_of('home')}={settings.home}")}
EnvironmentFile=-{_escaped(settings.home / "status.env")}
ExecStart={_quoted(command)} status --deadline {settings.deadline} --lang en
UMask=0077
NoNewPrivileges=true
TimeoutStartSec=10min
"""
    timer = f"""\
[Unit]
Description=Nightdesk: at the deadline of the morning's lists

[Timer]
OnCalendar=*-*-* {settings.deadline}:30 {settings.timezone}
Persistent=true
AccuracySec=1s

[Install]
WantedBy=timers.target
"""
    return {f"{NAME}.service": service, f"{NAME}.timer": timer}


def _quoted(value: object) -> str:
    """A value as one word of a unit file: quoted, its specifiers and dollars doubled."""
    text = _escaped(value).replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
