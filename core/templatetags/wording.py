"""Template filter for names in subjects: `{{ enterprise.name|brief:30 }}`.

Every template has it without loading (`builtins` in the settings).
"""

from django import template

from core.text import brief

register = template.Library()
register.filter("brief", brief)
