"""Template tag for phone numbers that are to be called: `{% tel station.hotline %}`.

Every template has it without loading (`builtins` in the settings).
"""

import re
from typing import Any

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def tel(number: Any, look: str = "tel") -> str:
    """A link that calls the number, with the class `look`; of an extension its main number.

    What is masked or no number stands there as it is. No template of its own: it stands within
    sentences, where the line break at a file's end would be a blank.
    """
    shown = str(number or "").strip()
    main = re.split("[转,;]", shown)[0]
    called = re.sub(r"(?!^\+)[^0-9]", "", main)
    if not called or "*" in shown:
        return shown
    return format_html('<a class="{}" href="tel:{}">{}</a>', look, called, shown)
