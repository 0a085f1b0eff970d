"""Answers for the script that uploads file by file; without it the same addresses give pages."""

from collections.abc import Sequence

from django.http import HttpRequest, JsonResponse

from files.judging import Judgement


def asks_for_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer_as_json(judgements: Sequence[Judgement]) -> JsonResponse:
    """200 where everything was taken, 422 where something was not."""
    accepted = all(judgement.accepted for judgement in judgements)
    told = [judgement.as_json() for judgement in judgements]
    return JsonResponse({"files": told}, status=200 if accepted else 422)
