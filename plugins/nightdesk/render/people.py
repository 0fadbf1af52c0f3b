"""How clients and colleagues are named on pages about the bank's own people."""

from collections.abc import Mapping

#: what a task about one of the bank's own people has in place of a client
STAFF = "staff:"


def named_client(client_id: object, names: Mapping[str, str], staff: Mapping[str, str]) -> str | None:
    """The name of whom a row is about: a client, or one of the bank's own people."""
    if client_id is None:
        return None
    text = str(client_id)
    if text.startswith(STAFF):
        return named_staff(text.removeprefix(STAFF), staff)
    return names.get(text, text)


def named_staff(staff_id: object, staff: Mapping[str, str]) -> str | None:
    """A colleague by name and id; an id that the register does not know as it is."""
    if staff_id is None:
        return None
    name = staff.get(str(staff_id))
    return f"{name} {staff_id}" if name else str(staff_id)
