"""What a turn of the conversation leaves behind, to be stored in one transaction."""

import datetime
from dataclasses import dataclass, field

from bot.conversation.replies import Reply


@dataclass(frozen=True)
class Person:
    """What is known of who writes, and where the conversation stands.

    `id` is the store's; `language` None until it was chosen or read. `topic`, `question` and
    `request` are the last that were answered; `heard` is the country a question gave away, good for
    the questions after it but never a choice of the person's. `expects` names what the next text is for
    ("note:<case>"), None for a question. `attended` is the case one of the staff talks with them about
    now, `attended_surely` where they answered a message of the staff itself; both hold for one event.
    `offered` is the case in which the assistant was last offered beside the staff. `abroad`: the business is
    in none of the five countries. `consents` are (purpose, version of the text), `news` the segments there
    are news of, `sought` the last words looked for in the library.
    """

    id: str
    language: str | None = None
    country: str | None = None
    audience: str | None = None
    topic: str | None = None
    question: str | None = None
    request: str | None = None
    expects: str | None = None
    asked_country: bool = False
    heard: str | None = None
    attended: str | None = None
    attended_surely: bool = False
    offered: str | None = None
    abroad: bool = False
    sector: str | None = None
    size: str | None = None
    women_owned: bool | None = None
    consents: tuple[tuple[str, str], ...] = ()
    news: tuple[str, ...] = ()
    sought: str | None = None


@dataclass(frozen=True)
class Request:
    """One logged question with its outcome. `candidates` are (topic, confidence).

    A request with the id of an earlier one takes its place: the question was reworded.
    """

    id: str
    at: datetime.datetime
    question: str
    outcome: str
    language: str
    country: str | None
    audience: str | None
    topics: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()
    confidence: float = 0.0
    kind: str | None = None
    """What kind of small talk, sensitive message, attachment or out-of-scope group it was."""
    knowledge: str = ""
    """Fingerprint of the knowledge it was answered from."""


@dataclass(frozen=True)
class Feedback:
    """Thumbs for a request: `value` is up, down or none (none of these); `reason` where one was given."""

    request: str
    value: str
    reason: str | None = None


@dataclass(frozen=True)
class CaseOpened:
    """A person must follow up: `reason` is none_of_these, person, feedback, sensitive or connect.

    `country` and `topics` say which office it is for.
    """

    id: str
    at: datetime.datetime
    reason: str
    request: str | None = None
    promised: datetime.date | None = None
    country: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseNote:
    """The person added something to a case; `waits` False where it is thanks, which nobody has to answer."""

    case: str
    at: datetime.datetime
    text: str
    waits: bool = True


@dataclass(frozen=True)
class Consented:
    """The person agreed: what for, and which text they read, in which language."""

    purpose: str
    version: str
    language: str
    at: datetime.datetime


@dataclass(frozen=True)
class Withdrawn:
    """The person agrees no more."""

    purpose: str
    at: datetime.datetime


@dataclass(frozen=True)
class Subscribed:
    """The person wants news of a segment: women, or country (theirs)."""

    segment: str
    country: str | None
    at: datetime.datetime


@dataclass(frozen=True)
class Unsubscribed:
    """The person wants no more news."""

    at: datetime.datetime


@dataclass(frozen=True)
class Came:
    """The person came by a link: to a topic, a resource, or with the name of a campaign (not `known`)."""

    source: str
    known: bool
    at: datetime.datetime


@dataclass(frozen=True)
class DataAsked:
    """Everything stored about the person is to be handed to them."""


@dataclass(frozen=True)
class Forgotten:
    """Everything about the person is to be erased."""


Record = (
    Request
    | Feedback
    | CaseOpened
    | CaseNote
    | Consented
    | Withdrawn
    | Subscribed
    | Unsubscribed
    | Came
    | DataAsked
    | Forgotten
)


@dataclass(frozen=True)
class Asked:
    """An earlier request that a pressed button names: what was asked, and where."""

    request: str
    question: str
    topics: tuple[str, ...] = ()
    country: str | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Turn:
    """What one event leads to: replies in order, records in order, and the person as known after it."""

    person: Person
    replies: tuple[Reply, ...] = ()
    records: tuple[Record, ...] = field(default=())
