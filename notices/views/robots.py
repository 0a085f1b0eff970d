"""The robots of the WeCom groups."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.versions import Overtaken
from notices.channels.base import ChannelDown, MessageRefused, TryLater
from notices.channels.wecom import post_text
from notices.forms import RobotForm
from notices.models import WecomRobot
from notices.services import save_robot


@roles(Role.SYSTEM_ADMIN)
def robot_list(request: SignedInRequest) -> HttpResponse:
    robots = WecomRobot.objects.select_related("department")
    return render(request, "notices/robot_list.html", {"robots": robots})


@roles(Role.SYSTEM_ADMIN)
def robot_new(request: SignedInRequest) -> HttpResponse:
    return _form(request, WecomRobot())


@roles(Role.SYSTEM_ADMIN)
def robot_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(WecomRobot, pk=pk))


def _form(request: SignedInRequest, robot: WecomRobot) -> HttpResponse:
    name = robot.name
    form = RobotForm(request.POST or None, instance=robot)
    if request.method == "POST" and form.is_valid():
        try:
            save_robot(form.instance, changed=form.changed_data, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            done = f"“{robot.name}”已保存。可以发一条试发消息，看群里能不能收到。"
            messages.success(request, done)
            return redirect("notices:robot_list")
    context = {
        "title": name or "登记群机器人",
        "form": form,
        "act": "保存",
        "back_url": reverse("notices:robot_list"),
        "back": "返回",
    }
    return render(request, "components/form_page.html", context)


@roles(Role.SYSTEM_ADMIN)
@require_POST
def robot_test(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send one message to the group now, and say what the vendor answered."""
    robot = get_object_or_404(WecomRobot, pk=pk)
    try:
        post_text(robot, f"【{settings.STATION_NAME}】这是一条试发消息，请忽略。")
    except (ChannelDown, MessageRefused, TryLater) as error:
        messages.error(request, f"没有发成：{error}")
    else:
        messages.success(request, f"已发到“{robot.name}”，请到群里看一下。")
    return redirect("notices:robot_list")
