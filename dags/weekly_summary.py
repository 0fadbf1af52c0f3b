"""
### 支行周报：过去一周做得怎样

每周第一个工作日的截止时点自动启动，处理前一业务日及其以前七天；也可人工发起：`business_date` 指定一个已发布的业务日，`branch` 指定一个支行。
结果写在 `<home>/weekly` 下该业务日的文件夹，每个支行一个子文件夹，不改动 `out/<日期>`。

| 看到的情况 | 含义 | 处理办法 |
|---|---|---|
| `which_week` 变红 | 该业务日的夜次尚未发布 | 先处理 `nightly_monitoring`，再清除该任务 |
| `write_weeks` 变红 | 有支行的周报未能生成；其余照常写出 | 按日志末行修复，再清除；或执行 `nightdesk weekly` |
| `send_weeks` 变红 | 有邮件未送出，或送达与否不明 | 待发的：修复后清除该任务；被拒或不明的：先 `nightdesk outbox resolve`；同一版本不会重复发送 |
| `send_weeks` 跳过 | 不是每周的发送日，或未选 `send` | 不必处理 |
| `watcher` 变红 | 前面有任务变红 | 看最先变红的那个任务 |

自动启动的运行只在银行日历的每周第一个工作日发邮件，收件人是员工表中的支行行长；人工发起的只有 `send` 选是时才发。重跑是安全的。

### The week of each branch: how it went

Started by itself at the deadline of each week's first working day, for the business date before and the seven days up to
it; also by hand: `business_date` for a published date, `branch` for one branch. It writes below that date in
`<home>/weekly`, a folder a branch, and leaves `out/<date>` alone.

| what you see | what it means | what to do |
|---|---|---|
| `which_week` is red | the night of that business date is not published | see to `nightly_monitoring`, then clear this task |
| `write_weeks` is red | a branch's week could not be made; all others are written | mend what its last line names, then clear it; or run `nightdesk weekly` |
| `send_weeks` is red | a mail was not sent, or may not have arrived | what waits: mend the server and clear this task; refused or unknown: `nightdesk outbox resolve` first; nobody gets a revision twice |
| `send_weeks` is skipped | it is not the day of the week for it, or `send` was not chosen | nothing |
| `watcher` is red | something before it is | look there |

A run that starts by itself mails on the first working day of the week by the bank's own calendar, to the branch heads of
the staff register; one that a person starts only where `send` says so. Running it again is safe.
"""

from datetime import timedelta

from airflow.sdk import Param, dag

from nightdesk.orchestration import people, tasks
from nightdesk.orchestration.defaults import AT_WEEKS_BEGINNING, DEFAULTS, FIRST_DAY


@dag(
    schedule=AT_WEEKS_BEGINNING,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULTS,
    params={
        "business_date": Param(
            None, type=["null", "string"], format="date", description="业务日期；空：前一日 · empty: the day before"
        ),
        "branch": Param(None, type=["null", "string"], description="支行编号；空：全部 · empty: all branches"),
        "send": Param(
            None,
            type=["null", "boolean"],
            description="发送给支行行长；空：仅自动运行的发送日 · mail the heads; empty: scheduled runs on their day",
        ),
    },
    dag_display_name="支行周报 · Weekly summary",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def weekly_summary():
    week = people.which_week()
    written, sent = people.write_weeks(week), people.send_weeks(week)
    written >> sent
    [written, sent] >> tasks.watcher()


weekly_summary()
