"""The one family of refusals that kit raises: a stable code, and a sentence that a person can act on."""

from django.utils.functional import Promise


class BadInput(ValueError):
    """Something outside could not be read.

    `code` is stable and for programs; `message` is translated when it is shown, not when it is raised, so
    that refusing a million rows costs no million translations. Values fill `%(name)s` in the message.
    """

    def __init__(self, code: str, message: str | Promise, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = message
        self.values = values

    @property
    def message(self) -> str:
        """The sentence in the language now active."""
        text = str(self.template)
        return text % self.values if self.values else text

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"
