"""What ties clients of a demo bank together: a circle of control, one that only looks so, a buyer's suppliers."""

SUPPLY = (
    "select l.client_id, l.other_client_id from client_link l where l.kind = 'supplies'"
    " and exists (select 1 from flow f where f.client_id = l.other_client_id"
    " and f.counterparty_id = l.client_id and f.direction = 'D')"
)


def test_given_a_bank_then_three_companies_control_each_other_in_a_circle_and_one_part_of_itself(bank) -> None:
    controls = dict(
        bank.rows("select client_id, other_client_id from client_link where kind = 'controls' and share_pct = 60.0")
    )
    ring = [client for client in controls if controls.get(controls.get(controls[client], ""), "") == client]
    assert len(ring) == 3
    assert bank.value("select count(*) from client_link where kind = 'controls' and client_id = other_client_id") == 1


def test_given_a_joint_venture_then_two_own_half_of_it_each_and_it_owns_neither(bank) -> None:
    halves = bank.rows(
        "select other_client_id, count(*) from client_link where kind = 'controls' and share_pct = 50.0 group by 1"
    )
    assert [count for _, count in halves] == [2]
    ((joint, _),) = halves
    assert bank.rows("select 1 from client_link where kind = 'controls' and client_id = ?", joint) == []


def test_given_a_large_buyer_then_its_suppliers_get_what_it_pays_them(bank) -> None:
    pairs = bank.rows(SUPPLY)
    assert len(pairs) == 4
    assert len({buyer for _, buyer in pairs}) == 1
    for supplier, buyer in pairs:
        sides = "select sum(amount) from flow where client_id = ? and counterparty_id = ? and direction = ?"
        assert bank.value(sides, buyer, supplier, "D") == bank.value(sides, supplier, buyer, "C")


def test_given_a_supplier_of_several_clients_of_one_branch_then_it_is_no_client_itself(bank) -> None:
    ((supplier, branch, buyers),) = bank.rows(
        "select f.counterparty_id, c.branch_id, count(distinct f.client_id) from flow f join client c using (client_id)"
        " where f.direction = 'D' and f.counterparty_id = (select max(counterparty_id) from flow where"
        " counterparty_id like 'K%') and f.amount > 0 and f.channel = 'online' group by 1, 2"
        " order by 3 desc limit 1"
    )
    assert supplier.startswith("K")
    assert branch
    assert buyers >= 3
    assert bank.rows("select 1 from client where client_id = ?", supplier) == []
