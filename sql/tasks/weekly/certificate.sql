-- one row per certificate of a branch's people that ends soon, has ended, is not there or cannot be assessed
with
certificate as (
    select
        certificate.branch_id,
        certificate.staff_id,
        staff.name as staff_name,
        certificate.course,
        certificate.state,
        certificate.expires_on,
        certificate.is_gate
    from tasks.certificate as certificate
    left join source.staff as staff on certificate.staff_id = staff.staff_id
    where certificate.state <> 'valid'
)

select * from certificate
