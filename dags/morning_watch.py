"""
### 晨间清单都发出了吗？

到截止时间（默认北京时间 07:30，以 `nightdesk config` 为准）时，查前一业务日是否已发布、清单是否已生成；次日为工作日的，还查清单是否
全部发出。它只看台账库、当夜的机构名录和输出目录，与夜间任务互不依赖，因此夜间批次根本没有启动时也会变红。

变红时：`nightdesk status` 会说明缺什么；再看 `nightly_monitoring`，或人工执行 `nightdesk night --date 业务日期 --send`。
不经 Airflow、供定时任务调用的同一检查：`nightdesk status --deadline 07:30`。

### Are the morning's lists out?

At the deadline (07:30 bank time by default, see `nightdesk config`) asks whether the business date before is published,
its lists are rendered and, on a workday, whether every list was sent. It asks the desk database, the night's branch
registry and the output folder, and shares no task with the night, so it is red also when the night never started.

When it is red: `nightdesk status` says what is missing; then look at `nightly_monitoring`, or run
`nightdesk night --date D --send` by hand. The same question without Airflow, for cron: `nightdesk status --deadline 07:30`.
"""

from datetime import timedelta

from airflow.sdk import Param, dag

from nightdesk.orchestration import tasks
from nightdesk.orchestration.defaults import AT_DEADLINE, DEFAULTS, FIRST_DAY
from nightdesk.orchestration.links import QualityPage, with_links


@dag(
    schedule=AT_DEADLINE,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    default_args={**DEFAULTS, "retries": 1, "execution_timeout": timedelta(minutes=5)},
    params={
        "business_date": Param(
            None, type=["null", "string"], format="date", description="业务日期；空：前一日 · empty: the day before"
        )
    },
    dag_display_name="晨单守望 · Morning watch",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def morning_watch():
    with_links(tasks.lists_are_out(), QualityPage()) >> tasks.watcher()


morning_watch()
