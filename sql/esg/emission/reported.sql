-- one row per project, or client, and year and scope that it reported emissions of: the tonnes, how they were found
-- (PCAF option) and how good that is (1 best .. 5)
with
reported as (
    select
        'project' as holder_kind,
        project_id as holder_id,
        year,
        scope1_t,
        scope2_t,
        scope3_t,
        lower(trim(method_option)) as option,
        data_quality,
        is_implausible
    from features_esg.emission
    union all
    select
        'client' as holder_kind,
        client_id as holder_id,
        year,
        scope1_t,
        scope2_t,
        scope3_t,
        lower(trim(method_option)) as option,
        data_quality,
        is_implausible
    from esg_emission.client_year
),

scoped as (
    select
        reported.*,
        1 as scope,
        scope1_t as emission_t
    from reported
    union all
    select
        reported.*,
        2 as scope,
        scope2_t as emission_t
    from reported
    union all
    select
        reported.*,
        3 as scope,
        scope3_t as emission_t
    from reported
),

-- of the option's own score and the one that the bank gives the worse counts; neither is one of scope 3 where the
-- option finds none
scored as (
    select
        scoped.holder_kind,
        scoped.holder_id,
        scoped.year,
        scoped.scope,
        -- what cannot be is not financed either, until it is put right
        case when not scoped.is_implausible then scoped.emission_t end as emission_t,
        scoped.is_implausible,
        scoped.option,
        case
            when scoped.scope = 3 and not coalesce(pcaf_option.covers_scope_3, true) then null
            else greatest(pcaf_option.quality, scoped.data_quality)
        end as quality
    from scoped
    left join policy.pcaf_option as pcaf_option on scoped.option = pcaf_option.option
)

select * from scored
