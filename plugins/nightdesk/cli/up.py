"""nightdesk up: everything running on this machine, until Ctrl-C."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results
from nightdesk.render.inert import escaped
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.orchestration.serving import Ready

_TEXT = {
    "zh_CN": {
        "ready": "Airflow 已就绪",
        "address": "网址",
        "user": "用户",
        "password": "密码",
        "password_in": "密码文件",
        "mails": "邮件（只收存，不外发）",
        "logs": "日志",
        "next": "DAG 默认暂停：在页面上启用，或带参数 business_date 手动触发。Ctrl-C 停止。",
    },
    "en": {
        "ready": "Airflow is ready",
        "address": "address",
        "user": "user",
        "password": "password",
        "password_in": "password in",
        "mails": "mails (kept, never passed on)",
        "logs": "logs",
        "next": "DAGs start paused: unpause one, or trigger it with a business_date. Ctrl-C stops it all.",
    },
}


def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the API server; unset: 8080, or a free one.")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Run Airflow (scheduler, API server, triggerer, dag-processor) and a mail catcher; Ctrl-C stops them."""
    from nightdesk.orchestration.serving import serve

    serve(
        get_settings(),
        port=port,
        say=remarks.print,
        ready=_say_json if as_json else lambda about: _say(about, _TEXT[lang.value]),
    )


def _say_json(about: "Ready") -> None:
    """One line: whoever started it reads that, and the command goes on."""
    typer.echo(escaped(json.dumps(about.__dict__, ensure_ascii=False)))


def _say(about: "Ready", text: dict[str, str]) -> None:
    """The address and how to log in; the password itself only on a terminal, not in a log."""
    lines = {"address": about.address, "user": about.user, "password_in": about.password_file}
    if sys.stdout.isatty():
        from nightdesk.orchestration.standalone import login

        lines["password"] = login(get_settings()).password()
    lines |= {"mails": about.mails, "logs": about.logs}
    results.print(f"\n{text['ready']}", style="bold green")
    for key, value in lines.items():
        results.print(f"  {text[key]}: {value}")
    results.print(f"\n{text['next']}")
