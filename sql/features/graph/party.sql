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
        case when word < '{' then ' ' || word else ' ?' || word end as word
    from policy.party_word
),

end_word as (
    select
        'name' as strips,
        string_agg(word, '|' order by word) as words
    from spoken
    where strips_from = 'name'
    union all
    select
        'group_name' as strips,
        string_agg(word, '|' order by word) as words
    from spoken
),

pattern as (
    select
        strips,
        coalesce('(' || words || ')+,', ',') as pattern
    from end_word
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

company as (
    select
        client_id,
        {{ party.spaced_name('name') }} as spaced_name
    from staging.client
    where not is_natural_person
),

-- a pattern that stands in a row is compiled for each row that it is held against, and takes longer to than to run: so
-- many names are one text, each written twice (`name&name,`, two signs that no spaced name has), its second end cut
said as (
    select spaced_name from spaced
    union
    select spaced_name from company
),

text as (
    select
        length(spaced_name) as letters,
        string_agg(spaced_name || '&' || spaced_name || ',', '') as names
    from said
    where spaced_name is not null
    group by length(spaced_name)
),

cut as (
    select
        pattern.strips,
        unnest(string_split(regexp_replace(text.names, pattern.pattern, ',', 'g'), ',')) as pair
    from text
    cross join pattern
),

-- all of a name where nothing else is left
stripped as (
    select
        strips,
        split_part(pair, '&', 1) as spaced_name,
        coalesce(
            nullif(replace(split_part(pair, '&', 2), ' ', ''), ''),
            nullif(replace(split_part(pair, '&', 1), ' ', ''), '')
        ) as bare_name
    from cut
),

bare_of as (
    select
        spaced_name,
        max(case when strips = 'name' then bare_name end) as bare_name,
        max(case when strips = 'group_name' then bare_name end) as group_name
    from stripped
    group by spaced_name
),

bare as (
    select
        spaced.party_id,
        spaced.party_name,
        bare_of.bare_name,
        bare_of.group_name,
        -- a legal form is left out of it
        bare_of.bare_name <> replace(spaced.spaced_name, ' ', '') as is_company_name
    from spaced
    left join bare_of on spaced.spaced_name = bare_of.spaced_name
),

bare_company as (
    select
        company.client_id,
        bare_of.bare_name,
        bare_of.group_name
    from company
    left join bare_of on company.spaced_name = bare_of.spaced_name
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
