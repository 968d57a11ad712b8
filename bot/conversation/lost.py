"""Buttons of another day: what they led to is gone, and what is nearest is offered."""

from bot.conversation.draft import Draft


def gone(draft: Draft, *, topic: str = "", resource: str = "", key: str = "answer.gone") -> None:
    """Say that it is gone, and offer what is nearest: topics of a like name, or all of them."""
    near = draft.speaker.menus.nearest(topic) if topic else []
    if resource and (found := draft.speaker.finder.find(resource.replace("-", " "))):
        first = next((id for id in found if draft.speaker.knowledge.resources[id].shown_on(draft.day)), None)
        near = near or list(draft.speaker.knowledge.resources[first].topics) if first else near
    if near:
        draft.say("answer.nearest", rows=draft.speaker.menus.rows(near, draft.language), home=True)
        return
    draft.say(key)
    draft.reply(draft.speaker.menus.groups(draft.language))
