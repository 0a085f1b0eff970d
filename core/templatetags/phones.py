"""Template tag for phone numbers that are to be called: `{% tel station.hotline %}`.

Every template has it without loading (`builtins` in the settings).
"""

import re
from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("components/_tel.html")
def tel(number: Any) -> dict[str, str]:
    """A link that calls the number; of one with an extension (转8001) its main number.

    What is masked or no number stands there as it is.
    """
    shown = str(number or "").strip()
    main = re.split("[转,;]", shown)[0]
    called = re.sub(r"(?!^\+)[^0-9]", "", main)
    return {"shown": shown, "called": "" if "*" in shown else called}
