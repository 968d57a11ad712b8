"""The way in and out: the door, the first page, and how each likes the pages to look."""

from starlette.responses import Response

from bot.console.signing_in import close_session, open_session
from bot.console.visit import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Visit
from bot.console.words import LANGUAGES


async def home(visit: Visit) -> Response:
    """Lead to what is there to do."""
    return visit.go("/queue")


async def door(visit: Visit) -> Response:
    """Show a button that signs in, for a link; without one, how to get one.

    The link itself signs in nobody: programs that look at links before people do would use it up.
    """
    return visit.page("door.html", link=visit.asked("token"), wrong=False)


async def sign_in(visit: Visit) -> Response:
    """Use up the link and open a session."""
    now = visit.now.timestamp()
    house = visit.house
    if not (house.sign_in_pace.allows(visit.address, now) and house.all_sign_ins.allows("", now)):
        return visit.page("fault.html", status=429, code=429, line="")
    session = await open_session(house, visit.sent("token"))
    if session is None:
        house.sign_in_pace.missed(visit.address, now)
        house.all_sign_ins.missed("", now)
        return visit.page("door.html", status=403, link=None, wrong=True)
    response = visit.go("/")
    visit.remember(response, visit.session_cookie, session, seconds=30 * 24 * 3600)
    return response


async def sign_out(visit: Visit) -> Response:
    """End the session, here and in the store."""
    await close_session(visit.house, visit.token, visit.staff.id)
    response = visit.go("/sign-in", said="signed_out")
    response.delete_cookie(visit.session_cookie, path="/", secure=visit.secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def prefer(visit: Visit) -> Response:
    """Keep the language or the theme chosen, and go back."""
    back = visit.sent("back")
    # Only a path of our own: two slashes or a backslash would lead to another site.
    own = back.startswith("/") and not back.startswith("//") and "\\" not in back
    response = visit.go(back if own else "/")
    if (language := visit.sent("language")) in LANGUAGES:
        visit.remember(response, LANGUAGE_COOKIE, language)
    if (theme := visit.sent("theme")) in THEMES:
        visit.remember(response, THEME_COOKIE, theme)
    return response
