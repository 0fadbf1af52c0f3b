"""
### 补跑：按日期先后逐夜重跑，默认不发邮件

从 `date_from` 到 `date_to`，按日期先后逐夜重跑，各用该日自己的数据截止时点和政策版本；范围、原因和发起人记入台账。
每一夜是 `night.replay_night` 的一个实例，以业务日期命名，可单独查看、清除或标记为失败（即取消）。

| 看到的情况 | 含义 | 处理办法 |
|---|---|---|
| `plan_nights` 变红 | 该范围不能重跑，什么都没有执行 | 日志末行写明哪个范围可以 |
| 某一夜变红 | 运行失败，或被取消 | 排除原因，清除这一夜及其后各夜 |
| 其后各夜变红 | 每一夜都接续前一夜 | 与前一夜一并清除 |
| 某一夜等待重新调度 | 另一次运行正在写入；当晚的批次优先 | 不必处理：会自动继续 |

* 范围必须到最近一次发布的夜次为止：后面各夜接续前面的状态。
* 已发布的夜次读取当时读到的数据，不再读源库；选 `reread` 则读取源库的现状。
* 先看计划：`nightdesk backfill --from D1 --to D2 --plan` 列出将运行、改写和发送的内容。
* 选 `send` 时，邮件主题会注明是补跑；已经发出的清单不会再发。

### Backfill: nights in order, mailing nobody by default

Runs every night from `date_from` to `date_to` again, oldest first, each with the cut-off and the policy of its own
date. Leaves a trace in the ledger: range, reason and who. `night.replay_night` has one entry a night, called by its
date: each is seen, cleared and marked failed (which cancels it) on its own.

| what you see | what it means | what to do |
|---|---|---|
| `plan_nights` is red | the range may not be replayed; nothing was run | its last line says which range may |
| a night is red | it failed, or was cancelled | mend the cause, clear it and those after it |
| the nights after it are red | each needs the one before it | clear them with it |
| a night is up for reschedule | another run writes; tonight's goes first | nothing: it goes on by itself |

* The range must reach the latest published night: later nights continue the state of the ones before them.
* A published night reads what it read then, not the source; with `reread` it asks the source, as it is now.
* Look first: `nightdesk backfill --from D1 --to D2 --plan` says what would be run, rewritten and mailed.
* With `send` the mails say in their subject that they are a backfill; a list that was sent is not sent again.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task_group

from nightdesk.orchestration import replaying, tasks
from nightdesk.orchestration.defaults import DEFAULTS, FIRST_DAY


@dag(
    schedule=None,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(days=7),
    default_args={**DEFAULTS, "execution_timeout": timedelta(hours=4)},
    params={
        "date_from": Param(type="string", format="date", description="起始业务日期 · first business date"),
        "date_to": Param(
            type="string", format="date", description="截止业务日期（含当日） · last business date, included"
        ),
        "reason": Param(type="string", minLength=3, description="原因，记入台账 · why; kept in the ledger"),
        "send": Param(False, type="boolean", description="发送清单，注明补跑 · mail the lists, marked as a backfill"),
        "reread": Param(
            False,
            type="boolean",
            description="重新读取源库，而非当时读到的数据 · ask the source again instead of what the nights read",
        ),
    },
    dag_display_name="补跑 · Backfill nights",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def backfill_nights():
    @task_group
    def night(day):
        replaying.mail_night(day, replaying.replay_night(day))

    nights = night.expand(day=replaying.plan_nights())
    closed = replaying.close_backfill()
    nights >> closed
    [nights, closed] >> tasks.watcher()


backfill_nights()
