"""Repetition of an opinion that the department signed in an earlier round."""

from accounts.models import User
from applications.dossier.loading import load_dossier
from reviews.drafts import Draft
from reviews.earlier import earlier_of
from reviews.models import Opinion
from reviews.services.opinions import OpinionRefused, save_draft


def repeat_earlier(opinion: Opinion, *, by: User, seen_version: int | None) -> Opinion:
    """Take over answers, words and conclusion as this round's draft; it is then signed anew.

    Raises OpinionRefused where there is nothing to repeat, or what it rested on has changed.
    """
    earlier = earlier_of(opinion, load_dossier(opinion.table.application))
    if earlier is None:
        raise OpinionRefused("上一轮本部门没有签署过意见，请填写。")
    if earlier.changes:
        names = "、".join(change.label for change in earlier.changes)
        raise OpinionRefused(f"与上一轮相比，{names}有变化，不能直接沿用。请核对后重新填写。")
    said = earlier.opinion
    draft = Draft(said.answers, said.words, said.conclusion)
    return save_draft(opinion, draft, by=by, seen_version=seen_version)
