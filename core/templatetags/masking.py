"""Template filters that mask personal numbers: `{{ applicant.id_number|mask_id }}`."""

from django import template

from core import masks

register = template.Library()

register.filter("mask_id", masks.mask_id_number)
register.filter("mask_phone", masks.mask_phone)
register.filter("mask_passport", masks.mask_passport)
