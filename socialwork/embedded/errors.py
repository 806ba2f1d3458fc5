"""The one error of this package."""


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be used; the text is a sentence for the person who typed the command."""
