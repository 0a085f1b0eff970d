"""Preferences of a person: by which channel he hears of ordinary notices."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.requests import SignedInRequest
from core.versions import Overtaken
from notices.channels.sms import is_available
from notices.forms import PreferencesForm
from notices.models import Preferences
from notices.services import save_preferences


def preferences(request: SignedInRequest) -> HttpResponse:
    own = Preferences.objects.filter(user=request.user).first() or Preferences(user=request.user)
    form = PreferencesForm(request.POST or None, instance=own, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            save_preferences(form.instance, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, "通知方式已保存，从下一条通知起生效。")
            return redirect("notices:preferences")
    context = {"form": form, "has_sms": is_available()}
    return render(request, "notices/preferences.html", context)
