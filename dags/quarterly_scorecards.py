"""
### 季度考核表：每项得分都能手工复算

每季第五个工作日的截止时点自动启动，处理上一季度；也可人工发起：`quarter` 指定一个已结束的季度（如 2026Q3），`staff` 指定一人。
结果写在 `<home>/scorecard` 下该季度的文件夹，按支行和人员分列；数据更正后数值有变的，自动成为新的一版并列出变化。

| 看到的情况 | 含义 | 处理办法 |
|---|---|---|
| `which_quarter` 变红 | 季度未结束或写错，或季末以后没有已发布的夜次 | 日志末行写明原因；改正参数，或补跑夜次后清除 |
| `write_scorecards` 变红 | 没有此人的考核表，或页面未能生成 | 核对 `staff`，或按日志末行修复，再清除；或执行 `nightdesk scorecard` |
| `send_scorecards` 变红 | 有邮件未送出，或送达与否不明 | 待发的：修复后清除该任务；被拒或不明的：先 `nightdesk outbox resolve`；同一版考核表不会重复发送 |
| `send_scorecards` 跳过 | 不是发送日，或未选 `send` | 不必处理 |
| `watcher` 变红 | 前面有任务变红 | 看最先变红的那个任务 |

自动启动的运行只在银行日历的每季第五个工作日发邮件：先发给本人，再把本支行的汇总发给行长；人工发起的只有 `send` 选是时才发。重跑是安全的。

### Scorecards of a quarter: every score can be worked out by hand

Started by itself at the deadline of each quarter's fifth working day, for the quarter before; also by hand: `quarter` for
one that is over (such as 2026Q3), `staff` for one person. It writes below that quarter in `<home>/scorecard`, by branch
and person; where corrected data change a figure it becomes a revision with what changed.

| what you see | what it means | what to do |
|---|---|---|
| `which_quarter` is red | the quarter is not over or no quarter, or no night since its end is published | its last line says why; correct the parameter, or run a night, then clear it |
| `write_scorecards` is red | nobody of that id has a scorecard, or a page could not be made | correct `staff`, or mend what its last line names, then clear it; or run `nightdesk scorecard` |
| `send_scorecards` is red | a mail was not sent, or may not have arrived | what waits: mend the server and clear this task; refused or unknown: `nightdesk outbox resolve` first; nobody gets an issue twice |
| `send_scorecards` is skipped | it is not the day for it, or `send` was not chosen | nothing |
| `watcher` is red | something before it is | look there |

A run that starts by itself mails on the quarter's fifth working day by the bank's own calendar: each person the own
scorecard first, then each head those of the branch; one that a person starts only where `send` says so. Running it again
is safe.
"""

from datetime import timedelta

from airflow.sdk import Param, dag

from nightdesk.orchestration import people, tasks
from nightdesk.orchestration.defaults import AT_QUARTERS_DAY, DEFAULTS, FIRST_DAY


@dag(
    schedule=AT_QUARTERS_DAY,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args=DEFAULTS,
    params={
        "quarter": Param(
            None, type=["null", "string"], description="季度；空：最近一个已结束的 · empty: the last one that is over"
        ),
        "business_date": Param(
            None, type=["null", "string"], format="date", description="业务日期；空：前一日 · empty: the day before"
        ),
        "staff": Param(None, type=["null", "string"], description="员工编号；空：全部 · empty: everybody"),
        "send": Param(
            None,
            type=["null", "boolean"],
            description="发送；空：仅自动运行的发送日 · mail them; empty: scheduled runs on their day",
        ),
    },
    dag_display_name="季度考核表 · Quarterly scorecards",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def quarterly_scorecards():
    quarter = people.which_quarter()
    written, sent = people.write_scorecards(quarter), people.send_scorecards(quarter)
    written >> sent
    [written, sent] >> tasks.watcher()


quarterly_scorecards()
