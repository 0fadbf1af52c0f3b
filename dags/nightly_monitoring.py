"""
### 夜间监测：从行内数据到晨间清单

每个自然日在数据截止时点后五分钟运行（默认北京时间 05:00），处理前一业务日；次日为工作日时，在截止时间（07:30）前把清单发出。
两个时点与时区以 `nightdesk config` 所列为准。

| 看到的情况 | 含义 | 处理办法 |
|---|---|---|
| `await_cut_off` 等待重新调度 | 早于数据截止时点发起 | 不必处理：若是紧接着的那一夜，到点自动继续；更晚的业务日会被拒绝 |
| `await_turn` 等待重新调度 | 另一次运行正在写入本行的夜间批次 | 不必处理：轮到时自动继续 |
| `check` 变红 | 关键检查未通过，本夜被拦下，仍保留上一版清单 | 查看该任务日志的末行和质量页；源数据修复后，清除 `prepare.open_night` 及其后的全部任务 |
| `extract` 变红 | 源库连不上，或缺少必需的表、字段 | 先修复；任务会自动再试两次 |
| `publish` 变红 | 另一次运行已先行发布 | 重新发起本次运行 |
| `render_branches` 变红 | 有清单未能生成；其余清单照常展示，缺失的列在 `out/<日期>` 内 | 按日志末行所述修复，再清除该任务 |
| `send_lists` 变红 | 有清单被拒收，或去向不明 | 先 `nightdesk outbox list`，再 `nightdesk outbox resolve`；系统不会自行重发 |
| `watcher` 变红 | 前面有任务变红 | 看最先变红的那个任务 |

定时运行的编号带业务日期；每次运行的备注写明业务日期、版次、清单与邮件份数、未评估客户数；人工写下的备注不会被覆盖。
质量页的链接在备注和 `show` 任务上，拦下原因在 `check` 任务上（须设置 `NIGHTDESK_PAGES_URL`）。

人工发起时用 `business_date` 指定一个业务日；`send: false` 只生成、不发送。要跑一段日期，或该日之后已有发布的夜次，请用
`backfill_nights`。重跑是安全的：内容不变，版次不变。

### The night: from the bank's tables to the morning lists

Runs five minutes after the cut-off (05:00 bank time by default) for the business date before, every calendar day; lists
are mailed when the day is a workday, by the deadline (07:30). Both hours, and the time zone, are those that
`nightdesk config` prints.

| what you see | what it means | what to do |
|---|---|---|
| `await_cut_off` is up for reschedule | the night was asked for before its cut-off | nothing: it goes on by itself at that instant, when it is the next one to come; a later night is refused |
| `await_turn` is up for reschedule | another run writes this bank's nights | nothing: it goes on when its turn comes |
| `check` is red | a critical check held the night; yesterday's lists stay | read its last line and the quality page; when the source is mended, clear `prepare.open_night` and everything after it |
| `extract` is red | the source is away, or lacks a required table or column | mend it; the task tries twice more by itself |
| `publish` is red | another run published first | start the run again |
| `render_branches` is red | a list could not be rendered; all others are shown and named in `out/<date>` | mend what its last line names, then clear it |
| `send_lists` is red | a list was refused, or its fate is unknown | `nightdesk outbox list`, then `nightdesk outbox resolve`; nothing is sent twice by itself |
| `watcher` is red | something before it is | look there |

Scheduled runs are called by their business date; every run's note says date, revision, lists, mails, and how many clients
are not assessed. What a person notes of a run stays. The link to the quality page is in the note and at `show`, why a
night is held at `check` (where `NIGHTDESK_PAGES_URL` is set).

Start it by hand with `business_date` for one date; `send: false` renders without mailing. For a range, or for a date
under later nights, use `backfill_nights`. Rerunning a night is safe: equal content keeps its revision.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task_group

from nightdesk.orchestration import tasks
from nightdesk.orchestration.defaults import AFTER_CUT_OFF, DEFAULTS, FIRST_DAY, night_deadline
from nightdesk.orchestration.links import HeldPage, QualityPage, with_links
from nightdesk.steps import COMPUTED

SHOWN = {
    "features": "特征 · Features",
    "warnings": "预警 · Warnings",
    "tiers": "分层 · Tiers",
    "esg": "项目评审 · Project reviews",
    "care": "贷后 · Care after the loan",
    "tasks": "任务 · Tasks",
}


@dag(
    schedule=AFTER_CUT_OFF,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=30),  # four for the night, a day and its change of clocks for the wait before it
    deadline=night_deadline(),
    default_args=DEFAULTS,
    params={
        "business_date": Param(
            None, type=["null", "string"], format="date", description="业务日期；空：前一日 · empty: the day before"
        ),
        "send": Param(
            True, type="boolean", description="次日为工作日时发送清单 · mail the lists when the next day is a workday"
        ),
        "send_repeats": Param(
            False, type="boolean", description="补跑或清除重跑也发送 · mail them also for a backfill or a cleared night"
        ),
    },
    dag_display_name="夜间监测 · Nightly monitoring",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def nightly_monitoring():
    @task_group
    def prepare():
        opened = tasks.open_night()
        tasks.await_cut_off() >> tasks.await_turn() >> opened
        return with_links(tasks.check(tasks.extract(opened)), HeldPage())

    @task_group
    def compute(attempt_id):
        for layer in COMPUTED:
            attempt_id = tasks.compute.override(task_id=layer, task_display_name=SHOWN[layer])(attempt_id, layer)
        return attempt_id

    watcher = tasks.watcher()

    @task_group
    def lists(reference, branches):
        rendered = tasks.render_branches(reference, branches)
        rendered >> [tasks.send_lists(reference, branches), watcher]  # what was written is mailed: only this is red

    published = tasks.publish(compute(prepare()))
    mailed = lists.partial(reference=published).expand(branches=tasks.branch_chunks(published))
    pages = tasks.render_pages(published)
    shown = with_links(tasks.show(published), QualityPage())
    [mailed, pages] >> shown
    mailed >> (told := tasks.tell_head_office(published))
    [mailed, pages, shown, told] >> watcher


nightly_monitoring()
