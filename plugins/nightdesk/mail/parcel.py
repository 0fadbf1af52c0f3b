"""What comes with a list's mail: its workbook, encrypted where the bank wants that, or why it is left out."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import yaml

from nightdesk.errors import PolicyError
from nightdesk.mail.message import Attachment
from nightdesk.render.catalogue import Catalogue
from nightdesk.yaml_file import read_yaml

#: what base64 makes of three bytes
_SWOLLEN = 4 / 3


@dataclass(frozen=True)
class Parcels:
    """How workbooks go with mails: at most `most_bytes` a mail; `keys` are the passwords by branch, None where
    workbooks go as they are. With keys, a branch that has none is sent no workbook.
    """

    most_bytes: int = 10_000_000
    keys: dict[str, str] | None = None


@dataclass(frozen=True)
class Parcel:
    """The attachment, if there is one, and the sentence about it."""

    words: str
    attachment: Attachment | None = None


def parcels_of(keys_file: Path | None, most_mb: int) -> Parcels:
    """What the settings say. Raises PolicyError when the file of keys cannot be read or is no list of branch and key;
    no key is ever part of the message.
    """
    if keys_file is None:
        return Parcels(most_mb * 1_000_000)
    try:
        said = read_yaml(keys_file)
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(
            f"the workbook keys in {keys_file} cannot be read ({type(error).__name__})",
            "Correct NIGHTDESK_WORKBOOK_KEYS, or the file: a line `branch id: key` for each branch.",
        ) from None
    if not isinstance(said, dict) or not all(isinstance(key, str) and key for key in said.values()):
        raise PolicyError(
            f"the workbook keys in {keys_file} are no list of branch and key",
            "Write a line `branch id: key` for each branch, a key of digits in quotes.",
        )
    return Parcels(most_mb * 1_000_000, {str(branch): key for branch, key in said.items()})


def pack(
    name: str, workbook: bytes, branch_id: str, parcels: Parcels, body_bytes: int, t: Catalogue, *, of: str = "list"
) -> Parcel:
    """A branch's workbook as it goes with a mail whose body has `body_bytes`; `of` names the messages that tell of it.

    An encrypted one is another file each time it is made; what it holds is the same.
    """
    content = workbook
    if parcels.keys is not None:
        key = parcels.keys.get(branch_id)
        if key is None:
            return Parcel(t(f"parcel_{of}.no_key"))
        content = encrypted(workbook, key)
    size = size_words(len(content))
    if (len(content) + body_bytes) * _SWOLLEN > parcels.most_bytes:
        return Parcel(t(f"parcel_{of}.too_large", size=size))
    told = "attached" if parcels.keys is None else "attached_locked"
    return Parcel(t(f"parcel_{of}.{told}", file=name, size=size), Attachment(name, content))


def encrypted(workbook: bytes, key: str) -> bytes:
    """The workbook so that Excel asks for the key (agile encryption, as Office itself does it)."""
    # loaded only where a bank asks for it
    from msoffcrypto.format.ooxml import OOXMLFile

    sealed = BytesIO()
    OOXMLFile(BytesIO(workbook)).encrypt(key, sealed)
    return sealed.getvalue()


def size_words(size: int) -> str:
    """A size as people read it: kB to a million bytes, MB from there."""
    return f"{max(1, round(size / 1000))} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
