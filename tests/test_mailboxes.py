"""Addresses as a registry writes them: what each text names, and that a bad entry costs itself only."""

import pytest

from nightdesk.mailboxes import read_mailboxes


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (None, ()),
        ("", ()),
        ("  ", ()),
        (" ; , ", ()),
        ("a@b.example", ("a@b.example",)),
        (" a@b.example ;", ("a@b.example",)),
        ("a@b.example;c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example, c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example；c@d.example，e@f.example", ("a@b.example", "c@d.example", "e@f.example")),
        ("Foo <a@b.c>, <d@e.f>", ("a@b.c", "d@e.f")),
        ('"Head, Branch; One" <a@b.example>; c@d.example', ("a@b.example", "c@d.example")),
        ("城东 <a@b.example>", ("a@b.example",)),
        ("a@B.Example; a@b.example", ("a@b.example",)),
        ("A@b.example; a@b.example", ("A@b.example", "a@b.example")),
        ("o'neil+list@mail-1.b.example", ("o'neil+list@mail-1.b.example",)),
        ("root@localhost", ("root@localhost",)),
        (f"{'a' * 64}@b.example", (f"{'a' * 64}@b.example",)),
    ],
)
def test_given_a_text_of_the_registry_when_read_then_each_mailbox_is_named_once(
    text: str | None, addresses: tuple[str, ...]
) -> None:
    found = read_mailboxes(text)
    assert found.addresses == addresses
    assert found.bad == ()
    assert bool(found) is bool(addresses)


@pytest.mark.parametrize(
    "entry",
    [
        "nobody",
        "a@",
        "@b.example",
        "a@@b.example",
        "a@b@c.example",
        "a b@c.example",
        "a@b..example",
        ".a@b.example",
        "a.@b.example",
        "a@-b.example",
        "a@b_c.example",
        "行@b.example",
        "a@银行.cn",
        "a@b.example\x00",
        "\x00",
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example\n",
        "a\u202e@b.example",
        "a@[127.0.0.1]",
        '"a b"@c.example',
        "<a@b.example",
        "a@b.example> x",
        "<a@b.example> <c@d.example>",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 64}.example",
        f"a@{'.'.join(['b' * 60] * 5)}",
        "a" * 100_000,
    ],
)
def test_given_an_entry_that_is_no_address_when_read_then_it_costs_itself_only(entry: str) -> None:
    assert read_mailboxes(entry).addresses == ()
    assert read_mailboxes(entry).bad == (1,)
    among = read_mailboxes(f"x@y.example; {entry}; z@y.example")
    assert among.addresses == ("x@y.example", "z@y.example")
    assert among.bad == (2,)


def test_given_a_quote_that_never_ends_when_read_then_the_other_entries_are_still_found() -> None:
    found = read_mailboxes('"Head <a@b.example>; c@d.example')
    assert (found.addresses, found.bad) == (("c@d.example",), (1,))
