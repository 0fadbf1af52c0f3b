-- one row per company and year that it reported emissions of: tonnes, scopes 1 and 2 by million of revenue, and
-- whether that is outside what its sector could emit
-- A slip of either makes a quotient of any size, so it has room: what is implausible is named, and stops no night.
-- Its revenue counts where its last accounts of that calendar year are of the whole of it. Of two scopes the one that
-- is known is enough to be too much.
{% import 'macros/intensity.sql' as intensity %}
with
client as (
    select
        client_id,
        sector_code
    from staging.client
),

accounts as (
    select
        client_id,
        year,
        revenue
    from esg_emission.accounts
),

fitting as (
    select
        client.client_id,
        plausible.lowest,
        plausible.highest,
        plausible.sector_code,
        plausible.trust,
        plausible.source_zh,
        plausible.source_en,
        row_number() over (
            partition by client.client_id
            order by case plausible.sector_code when 'any' then 0 else length(plausible.sector_code) end desc
        ) as place
    from client
    inner join policy.esg_plausible as plausible
        on
            plausible.measure = 't_per_million_revenue'
            and (plausible.sector_code = 'any' or starts_with(client.sector_code, plausible.sector_code))
),

line as (
    select * from fitting
    where place = 1
),

measured as (
    select
        emission.client_id,
        emission.year,
        emission.scope1_t,
        emission.scope2_t,
        emission.scope3_t,
        emission.method_option,
        emission.data_quality,
        {{ intensity.by_million('emission.scope1_t + emission.scope2_t', 'accounts.revenue') }} as whole_t_per_million,
        {{ intensity.by_million(
            'coalesce(emission.scope1_t + emission.scope2_t, emission.scope1_t, emission.scope2_t)', 'accounts.revenue'
        ) }} as intensity_t_per_million,
        line.lowest,
        line.highest,
        line.sector_code,
        line.trust,
        line.source_zh,
        line.source_en
    from source.client_emission as emission
    left join accounts on emission.client_id = accounts.client_id and emission.year = accounts.year
    left join line on emission.client_id = line.client_id
)

select
    client_id,
    year,
    scope1_t,
    scope2_t,
    scope3_t,
    method_option,
    data_quality,
    intensity_t_per_million,
    lowest,
    highest,
    sector_code,
    trust,
    source_zh,
    source_en,
    coalesce(whole_t_per_million < lowest or intensity_t_per_million > highest, false) as is_implausible
from measured
