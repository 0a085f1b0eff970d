"""Loader of the portal's own templates, without the blanks by which their lines are indented.

A third of a long list was indentation, sent with every row (docs/adr/0068). The lines stay, so that
an error names the line of the file; in HTML a line's end is as good a blank as any number of them.
"""

import re
from typing import Final

from django.template import Origin
from django.template.loaders.filesystem import Loader

INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)


class FlushLoader(Loader):
    """Begins every line of an `.html` file at its left edge; texts of messages stay as they are."""

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents
