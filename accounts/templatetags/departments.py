"""Departments in a sentence: {% department_count %}个部门, {% department_names %}."""

from django import template

from accounts import departments

register = template.Library()


@register.simple_tag
def department_count() -> str:
    """五, as many as fill in the review table."""
    return departments.in_words(departments.known())


@register.simple_tag
def department_names() -> str:
    return departments.names(departments.known())


@register.simple_tag
def parallel_names() -> str:
    """All but the one that signs last."""
    return departments.names(departments.parallel())


@register.simple_tag
def last_department() -> str:
    return departments.last_name()
