"""
### 环境与社会审查：项目逐个成页，全行一本总账

夜间批次发布后由其资产事件自动启动，处理该业务日；也可人工发起：`project` 指定一个项目，`period` 指定期末（取该日及以前最近一次发布的夜次），
`business_date` 指定一个已发布的业务日，`language` 指定语言。结果写在 `<home>/esg` 下该业务日的文件夹，不改动 `out/<日期>`。

| 看到的情况 | 含义 | 处理办法 |
|---|---|---|
| `which_night` 变红 | 没有已发布的夜次，或同时指定了 `business_date` 与 `period` | 日志末行写明原因；改正参数后重新发起 |
| `project_chunks` 变红 | 该夜没有这个项目 | 核对 `project` |
| `write_reviews` 变红 | 有项目的审查未能生成；其余照常写出 | 按日志末行修复，再清除该实例 |
| `write_portfolio` 变红 | 组合审查未能生成 | 按日志末行修复，再清除；或执行 `nightdesk esg portfolio --date` |
| `send_reviews` 变红 | 有邮件未送出 | 邮件与早间清单同在发件箱：待发的修复后执行 `nightdesk outbox send --date`；被拒或不确定的先用 `outbox resolve` 处理；同一邮件不会发两次 |
| `send_reviews` 跳过 | 未选 `send` | 不必处理：默认不发邮件 |
| `watcher` 变红 | 前面有任务变红 | 看最先变红的那个任务 |

选 `send` 时，ESG 审查人员收到全部项目，经办网点只收到本网点的项目；地址只取自员工表与机构名录。重跑是安全的。

### ESG reviews: a page a project, and the whole book

Started by the asset of a published night, for that night's business date; also by hand: `project` for one project,
`period` for a period's end (the last night published up to it), `business_date` for a published date, `language` for a
language. It writes below that date in `<home>/esg` and leaves `out/<date>` alone.

| what you see | what it means | what to do |
|---|---|---|
| `which_night` is red | no night is published, or both `business_date` and `period` were named | its last line says why; start it again with other parameters |
| `project_chunks` is red | that night knows no such project | correct `project` |
| `write_reviews` is red | a review could not be made; all others are written | mend what its last line names, then clear that entry |
| `write_portfolio` is red | the review of the book could not be made | mend it, then clear it; or run `nightdesk esg portfolio --date` |
| `send_reviews` is red | a mail was not sent | it is in the outbox beside the lists: what waits leaves with `nightdesk outbox send --date`, what was refused or is uncertain is settled first (`outbox resolve`); none is sent twice |
| `send_reviews` is skipped | `send` was not chosen | nothing: no mail is the default |
| `watcher` is red | something before it is | look there |

With `send`, ESG reviewers are told of all projects and a branch of its own alone; addresses come from the staff and the
branch registry. Running it again is safe.
"""

from datetime import timedelta

from airflow.sdk import Param, dag

from nightdesk.orchestration import reviewing, tasks
from nightdesk.orchestration.asset import PUBLISHED_NIGHT
from nightdesk.orchestration.defaults import DEFAULTS, FIRST_DAY


@dag(
    schedule=[PUBLISHED_NIGHT],
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    default_args=DEFAULTS,
    params={
        "project": Param(None, type=["null", "string"], description="项目编号；空：全部 · empty: all projects"),
        "period": Param(
            None,
            type=["null", "string"],
            format="date",
            description="期末；取该日及以前最近一夜 · a period's end: the last night published up to it",
        ),
        "business_date": Param(
            None, type=["null", "string"], format="date", description="业务日期；空：最近一夜 · empty: the newest night"
        ),
        "language": Param(
            None,
            type=["null", "string"],
            enum=[None, "zh_CN", "en"],
            description="语言；空：按网点 · empty: the language of each branch",
        ),
        "send": Param(
            False, type="boolean", description="邮件通知审查人员与经办网点 · mail the ESG reviewers and owning branches"
        ),
    },
    dag_display_name="环境与社会审查 · ESG review",
    doc_md=__doc__,
    tags=["nightdesk"],
)
def esg_review():
    night = reviewing.which_night()
    written = reviewing.write_reviews.partial(reference=night).expand(projects=reviewing.project_chunks(night))
    book = reviewing.write_portfolio(night)
    sent = reviewing.send_reviews(night)
    written >> sent
    [written, book, sent] >> tasks.watcher()


esg_review()
