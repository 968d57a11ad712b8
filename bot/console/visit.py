"""One request to the console: who comes, in which language, what was sent, and how it is answered."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.casework.rights import OPERATOR, SENSITIVE
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.words import LANGUAGES
from bot.conversation.privacy import masked
from bot.store import CaseRow, StaffRow

THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE = "language", "theme"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a page is made from. `member` is None only on the pages for signing in."""

    house: House
    pages: Pages
    request: Request
    member: StaffRow | None = None
    token: str = ""
    form: FormData = field(default_factory=FormData)

    @property
    def staff(self) -> StaffRow:
        """Who comes, where the page wants somebody signed in."""
        if self.member is None:
            raise RuntimeError("this page is for everyone; nobody is signed in")
        return self.member

    @cached_property
    def now(self) -> datetime.datetime:
        """The moment of the request."""
        return self.house.clock()

    @cached_property
    def language(self) -> str:
        """The language chosen, else the first the member speaks, else the first the browser asks for."""
        known = self.member is not None and self.member is not OPERATOR
        spoken = self.staff.languages if known else ()
        wished = (self.request.cookies.get(LANGUAGE_COOKIE, ""), *spoken, *self._accepted())
        return next((tag for tag in wished if tag in LANGUAGES), "es")

    @property
    def theme(self) -> str:
        """Light, dark, or as the device says."""
        theme = self.request.cookies.get(THEME_COOKIE, "auto")
        return theme if theme in THEMES else "auto"

    def _accepted(self) -> list[str]:
        header = self.request.headers.get("accept-language", "")
        return [part.partition(";")[0].strip()[:2].casefold() for part in header.split(",")]

    def may(self, role: str) -> bool:
        """Say whether who comes may do what `role` may."""
        return self.member is not None and self.house.rights.at_least(role, self.member)

    @property
    def reads_sensitive(self) -> bool:
        """Whether who comes is one of those who read what needs care."""
        about = CaseRow(id="", person="", reason=SENSITIVE, opened_at=self.now)
        return self.member is not None and self.house.rights.sees(about, self.member)

    @property
    def today(self) -> datetime.date:
        """The day it is where the staff work."""
        return self.now.astimezone(self.house.zone).date()

    def asked(self, name: str, allowed: tuple[str, ...] | None = None) -> str | None:
        """Return a parameter of the address; None where it is empty or none of those allowed."""
        value = self.request.query_params.get(name, "").strip()
        return value if value and (allowed is None or value in allowed) else None

    def sent(self, name: str) -> str:
        """Return a field of the form as text, empty where it was not sent."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def say(self, key: str, /, **values: Any) -> str:
        """Return a text in the language of who comes."""
        return self.house.words.say(self.language, key, **values)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page made from a template."""
        return HTMLResponse(self.pages.make(template, self._shared() | values), status)

    def go(self, path: str, *, said: str | None = None, **parameters: str) -> Response:
        """Send the browser on to `path`, where the text `said.<said>` is read out."""
        query = urlencode({**parameters, **({"said": said} if said else {})})
        parts = path.partition("#")
        joint = "&" if "?" in parts[0] else "?"
        return RedirectResponse(parts[0] + (joint + query if query else "") + parts[1] + parts[2], 303)

    def remember(self, response: Response, name: str, value: str, *, seconds: int = A_YEAR) -> None:
        """Have the browser keep a cookie that no script reads and no other site sends."""
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    @property
    def secure(self) -> bool:
        """Whether this request came over https, or comes so to the proxy in front."""
        return self.house.secure or self.request.url.scheme == "https"

    @property
    def session_cookie(self) -> str:
        """The session's cookie; over https its name alone keeps other hosts from setting it."""
        return "__Host-session" if self.secure else "session"

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    async def trail(self, what: str, *, subject: str | None = None, person: str | None = None) -> None:
        """Note in the audit trail what who comes saw or did."""
        async with self.house.store.transaction() as transaction:
            await transaction.add_audit(self.now, self.staff.id, what, subject=subject, person=person)

    def _shared(self) -> dict[str, Any]:
        words, language = self.house.words, self.language
        said = f"said.{self.asked('said')}"
        return {
            "visit": self,
            "say": self.say,
            "named": partial(words.named, language),
            "counted": partial(words.counted, language),
            "number": partial(words.number, language),
            "share": partial(words.share, language),
            "day": partial(words.day, language),
            "time": self._time,
            "masked": masked,
            "said": words.say(language, said) if words.has(said) else "",
            "csrf": self.house.tokens.for_forms(self.token),
            "here": self.request.url.path,
            "back": self.request.url.path + (f"?{query}" if (query := self.request.url.query) else ""),
            "with_parameters": self._with_parameters,
            "today": self.today,
            "sensitive": SENSITIVE,
        }

    def ago(self, moment: datetime.datetime) -> str:
        """Return how long ago a moment was, in words."""
        return self.house.words.ago(self.language, moment, self.now)

    def _time(self, moment: datetime.datetime) -> Markup:
        words = self.house.words
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            moment.isoformat(timespec="seconds"),
            words.moment(self.language, moment.astimezone(self.house.zone)),
            self.ago(moment),
        )

    def _with_parameters(self, **changed: str | None) -> str:
        """Return this address with some of its parameters changed, or taken away with None."""
        kept = {name: value for name, value in self.request.query_params.items() if value and name != "said"}
        query = urlencode({name: value for name, value in {**kept, **changed}.items() if value})
        return self.request.url.path + (f"?{query}" if query else "")
