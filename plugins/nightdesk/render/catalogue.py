"""The two message catalogues, read once: every word that a report prints and that is not data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import yaml

from nightdesk.errors import PolicyError
from nightdesk.settings import project_root
from nightdesk.yaml_file import read_yaml

Language: TypeAlias = Literal["zh_CN", "en"]

LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")


def language_of(value: object) -> Language:
    """The catalogue for a branch's language column; anything but `en` is the default, zh_CN."""
    return "en" if value == "en" else "zh_CN"


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language: dotted key to text, or to one text for each plural form."""

    language: Language
    messages: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, /, **values: object) -> str:
        """The message with its placeholders filled; `n` picks the plural form.

        Raises PolicyError when the key, or a value that the message needs, is missing.
        """
        message = self.messages.get(key)
        if message is None:
            raise PolicyError(
                f"the message {key} is missing in {self.language}",
                f"Add it to reports/messages/{self.language}.yaml.",
            )
        if not isinstance(message, str):
            message = message["one" if values.get("n") in (1, "1") and "one" in message else "other"]
        try:
            return message.format(**values)
        except (KeyError, IndexError) as error:
            raise PolicyError(
                f"the message {key} in {self.language} needs {error}", "Give the value, or mend the message."
            ) from None

    def label(self, family: str, code: object) -> str:
        """The word for a code of a family (`colour`, `tier`, ...); an unknown code is shown as it is."""
        if code is None:
            return self("none")
        message = self.messages.get(f"{family}.{code}")
        return message if isinstance(message, str) else str(code)

    def nearest(self, family: str, code: str) -> str:
        """A code of a family whose longer codes are kinds of shorter ones, with the word of the longest that is known:
        `C2614 chemicals`. What is no such code is shown as it is: only digits follow what a code begins with."""
        for length in range(len(code), 0, -1):
            message, rest = self.messages.get(f"{family}.{code[:length]}"), code[length:]
            if isinstance(message, str) and (not rest or rest.isdigit()):
                return f"{code} {message}"
        return code


@lru_cache(maxsize=4)
def catalogue(language: Language) -> Catalogue:
    """The catalogue of reports/messages/<language>.yaml. Raises PolicyError when it cannot be read."""
    path = project_root() / "reports" / "messages" / f"{language}.yaml"
    try:
        tree = read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"the messages of {language} cannot be read: {error}", "Restore the file.") from error
    return Catalogue(language, dict(_flat(tree, "")))


def _flat(node: object, prefix: str) -> list[tuple[str, str | Mapping[str, str]]]:
    if not isinstance(node, dict):
        return [(prefix, str(node))]
    if "other" in node and set(node) <= {"one", "other"}:
        return [(prefix, {form: str(text) for form, text in node.items()})]
    return [pair for name, child in node.items() for pair in _flat(child, f"{prefix}.{name}" if prefix else str(name))]
