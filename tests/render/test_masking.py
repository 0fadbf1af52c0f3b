"""Names and keys as they may be printed."""

import pytest

from nightdesk.render.masking import client_name, masked_address
from nightdesk.row_key import masked_key

COMPANY = "长江新材料科技股份有限公司"


@pytest.mark.parametrize(
    ("client", "masked", "full"),
    [
        ({"client_id": "C1", "name": COMPANY, "short_name": "长江新材"}, "长江新材", COMPANY),
        ({"client_id": "C1", "name": COMPANY}, "长江新材料科…", COMPANY),
        ({"client_id": "C1", "name": "欧阳文博", "is_natural_person": True}, "欧***", "欧***"),
        ({"client_id": "C1", "name": "Jan Novak", "is_natural_person": True}, "J. Novak", "J. Novak"),
        ({"client_id": "C1", "short_name": "欧阳文博", "is_natural_person": True}, "欧***", "欧***"),
        ({"client_id": "C1", "name": "Harbour Logistics International Holdings"}, "Harbour Logistics…", None),
        ({"client_id": "C1", "name": "Client 77", "is_natural_person": True}, "Client 77", "Client 77"),
        ({"client_id": "C1"}, "C1", "C1"),
        ({"client_id": "C1", "is_natural_person": True}, "C1", "C1"),
        ({"client_id": "C1", "name": "Madonna", "is_natural_person": True}, "Madonna", "Madonna"),
        ({"client_id": "C1", "name": "欧", "is_natural_person": True}, "欧", "欧"),
        ({"client_id": "C1", "name": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", None),
        ({"client_id": "C1", "name": "ABCDEFGHIJKLMNOPQRSTUVWXYZa"}, "ABCDEFGHIJKLMNOPQRSTUVWX…", None),
        ({"client_id": "C1", "name": "长江新材料科技厂"}, "长江新材料科技厂", None),
        ({"client_id": "C1", "name": "长江新材料科技工厂"}, "长江新材料科…", None),
        ({"client_id": "C1", "name": "长江 Yangtze 新材料科技厂"}, "长江 Yan…", None),
        ({"client_id": "C1", "short_name": "x" * 60}, "x" * 60, "x" * 60),
        ({"client_id": "C1", "short_name": "x" * 61}, "x" * 59 + "…", "x" * 59 + "…"),
    ],
)
def test_given_a_client_when_named_then_only_mode_full_shows_a_companys_whole_name_and_no_mode_a_persons(
    client: dict[str, object], masked: str, full: str | None
) -> None:
    assert client_name(client, full=False) == masked
    assert client_name(client, full=True) == (full or client["name"])


@pytest.mark.parametrize(
    ("key", "masked"),
    [
        ("622202020011223344", "****3344"),
        ("A1", "*1"),
        ("7", "*"),
        ("12345678", "****5678"),
        ("1234567", "****567"),
        ("ACC00012|2026-03-31", "****0012|2026-03-31"),
    ],
)
def test_given_a_row_key_when_masked_then_never_more_than_half_of_a_part_is_left(key: str, masked: str) -> None:
    assert masked_key(key) == masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("wang.lei@bank.example", "wa***@bank.example"),
        ("b1@bank.example", "b***@bank.example"),
        ("abc@bank.example", "ab***@bank.example"),
        ("nobody", "***"),
        ("", ""),
    ],
)
def test_given_a_mail_address_when_masked_then_its_mailbox_is_not_told(address: str, shown: str) -> None:
    assert masked_address(address) == shown
