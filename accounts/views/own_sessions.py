"""Where a person is signed in now, and ending it there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.entry_models import OwnSession
from accounts.own_sessions import end_others, end_session, live_sessions
from accounts.requests import SignedInRequest


def session_list(request: SignedInRequest) -> HttpResponse:
    sessions = live_sessions(request, request.user)
    context = {"sessions": sessions, "others": sum(not one.is_this for one in sessions)}
    return render(request, "accounts/session_list.html", context)


@require_POST
def session_end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OwnSession.objects.filter(user=request.user), pk=pk)
    end_session(row, by=request.user)
    messages.success(request, f"“{row}”上的登录已结束，那里要重新登录。")
    return redirect("accounts:session_list")


@require_POST
def session_end_others(request: SignedInRequest) -> HttpResponse:
    end_others(request, request.user)
    messages.success(request, "其他地方的登录已全部结束，只有这里还登录着。")
    return redirect("accounts:session_list")
