-- one row per other side that the window's payments name: which node it is, which client of the bank, and how surely
-- By the number of an account here or a client's id, else by its name, legal form and writing left out. A name that two
-- clients bear, and a person's, is nobody's; what is not sure enough stays a stranger, its certainty told all the same.
{% import 'macros/party.sql' as party %}
with
setting as (
    select max(case when setting = 'least_match_pct' then value end) as least_match_pct
    from policy.trail_setting
),

-- two patterns of words at a name's end: the legal form, and besides what a parent has and its subsidiary has not
spoken as (
    select
        strips_from,
        case when word < '{' then ' ' || word else ' ?' || word end as word,
        length(word) as letters
    from policy.party_word
),

pattern as (
    select
        '(' || string_agg(case when strips_from = 'name' then word end, '|' order by letters desc, word asc) || ')+$'
            as name_pattern,
        '(' || string_agg(word, '|' order by letters desc, word asc) || ')+$' as group_pattern
    from spoken
),

named as (
    select distinct
        party_id,
        party_name
    from features_graph.transfer
    where party_id is not null or party_name is not null
),

spaced as (
    select
        party_id,
        party_name,
        {{ party.spaced_name('party_name') }} as spaced_name
    from named
),

bare as (
    select
        spaced.party_id,
        spaced.party_name,
        {{ party.bare_name('spaced.spaced_name', 'pattern.name_pattern') }} as bare_name,
        {{ party.bare_name('spaced.spaced_name', 'pattern.group_pattern') }} as group_name,
        -- a legal form is left out of it
        {{ party.bare_name('spaced.spaced_name', 'pattern.name_pattern') }} <> replace(spaced.spaced_name, ' ', '')
            as is_company_name
    from spaced
    cross join pattern
),

company as (
    select
        client_id,
        {{ party.spaced_name('name') }} as spaced_name
    from staging.client
    where not is_natural_person
),

bare_company as (
    select
        company.client_id,
        {{ party.bare_name('company.spaced_name', 'pattern.name_pattern') }} as bare_name,
        {{ party.bare_name('company.spaced_name', 'pattern.group_pattern') }} as group_name
    from company
    cross join pattern
),

one_name as (
    select
        bare_name,
        max(client_id) as client_id
    from bare_company
    group by bare_name
    having count(*) = 1
),

several_name as (
    select bare_name
    from bare_company
    group by bare_name
    having count(*) > 1
),

one_group_name as (
    select
        group_name,
        max(client_id) as client_id
    from bare_company
    group by group_name
    having count(*) = 1
),

matched as (
    select
        bare.party_id,
        bare.party_name,
        bare.bare_name,
        bare.is_company_name,
        coalesce(
            account.client_id,
            client.client_id,
            one_name.client_id,
            case when several_name.bare_name is null then one_group_name.client_id end
        ) as client_id,
        case
            when account.client_id is not null then 'account'
            when client.client_id is not null then 'client'
            when one_name.client_id is not null then 'name'
            when several_name.bare_name is not null then 'several_names'
            when one_group_name.client_id is not null then 'group_name'
        end as match
    from bare
    left join features.account_mapping as account on bare.party_id = account.account_id
    left join features.client_mapping as client on bare.party_id = client.client_id
    left join one_name on bare.bare_name = one_name.bare_name
    left join several_name on bare.bare_name = several_name.bare_name
    left join one_group_name on bare.group_name = one_group_name.group_name
),

party as (
    select
        matched.party_id,
        matched.party_name,
        matched.is_company_name,
        matched.match,
        certainty.certainty_pct,
        case when certainty.certainty_pct >= setting.least_match_pct then matched.client_id end as client_id,
        case
            when certainty.certainty_pct >= setting.least_match_pct then matched.client_id
            else coalesce(matched.party_id, 'name:' || matched.bare_name)
        end as node_id
    from matched
    cross join setting
    left join policy.party_match as certainty on matched.match = certainty.match
)

select * from party
