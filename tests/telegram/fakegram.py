#!/usr/bin/env python3
# Taken in as it is, so that it can be compared with its source; hence neither linted nor formatted.
# ruff: noqa
# fmt: off
"""fakegram: a strict stand-in for api.telegram.org, for judging a bot from outside.

    python fakegram.py --port 8081 [--token 123456:TEST] [--no-limits]
    bot:   base_url=http://127.0.0.1:8081/bot   base_file_url=http://127.0.0.1:8081/file/bot
    user:  world.World("http://127.0.0.1:8081").user(7, lang="es").say("/start") -> [Reply, ...]

It refuses what the real server refuses (texts as of Bot API 9.x), delivers by getUpdates or
webhook, limits rates, injects faults, and lets a script act as the users through /_ctl/*.
Unknown methods answer 404, as the real server does: nothing is silently accepted.
"""
from __future__ import annotations
import argparse, asyncio, base64, html, itertools, json, random, re, time
from collections import Counter, deque
from urllib.parse import urlsplit
import aiohttp
from aiohttp import web

CFG = dict(limits=True, global_rate=30.0, global_burst=30, chat_rate=1.0, chat_burst=5, group_per_min=20,
           callback_ttl=60.0, webhook_timeout=10.0, webhook_retry=0.3, privacy=True, max_poll=50)
JSONS = {"reply_markup", "entities", "caption_entities", "commands", "allowed_updates", "results", "scope", "menu_button",
         "reply_parameters", "link_preview_options", "message_ids", "reaction", "button"}
INTS = {"message_id", "message_thread_id", "offset", "limit", "timeout", "user_id", "cache_time", "max_connections"}
BOOLS = {"show_alert", "drop_pending_updates", "disable_notification", "allow_sending_without_reply", "is_personal"}
OPTIONAL_UPDATES = {"chat_member", "message_reaction", "message_reaction_count"}
TAGS = dict(b="bold", strong="bold", i="italic", em="italic", u="underline", ins="underline", s="strikethrough", strike="strikethrough",
            code="code", pre="pre", blockquote="blockquote", a="text_link", span="spoiler", **{"del": "strikethrough", "tg-spoiler": "spoiler", "tg-emoji": "custom_emoji"})
TAG_END = re.compile(r"""(?:\s+[\w-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*\s*>""")
USER_ENTITIES = re.compile(r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)|(?P<url>https?://[^\s]+)|(?P<mention>(?<!\w)@\w{4,32})")
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = ("message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message")


class ApiError(Exception):
    def __init__(self, code: int, text: str, **parameters):
        prefix = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: ", 429: "Too Many Requests: "}.get(code, "")
        self.body = {"ok": False, "error_code": code, "description": prefix + text} | ({"parameters": parameters} if parameters else {})
        self.code = code


def bad(text: str): raise ApiError(400, text)
def u16(s: str) -> int: return len(s.encode("utf-16-le")) // 2


def parse_html(s: str) -> tuple[str, list]:
    """Telegram's HTML subset -> (plain text, entities); offsets in UTF-16 units; raises like the server."""
    out, stack, ents, i, n = [], [], [], 0, 0
    def stop(msg): bad(f"can't parse entities: {msg} at byte offset {len(s[:i].encode())}")
    while i < len(s):
        if s[i] != "<":
            m = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|&|[^<&]+").match(s, i)
            piece = html.unescape(m[0]) if m[0][0] == "&" and len(m[0]) > 1 else m[0]
            out.append(piece); n += u16(piece); i = m.end(); continue
        m = re.compile(r"<(/?)([^\s>]*)").match(s, i)
        closing, name = m[1], m[2].lower()
        end = TAG_END.match(s, m.end())
        if closing:
            if not stack: stop("Unexpected end tag")
            start, at, attrs = stack.pop()
            if not end: stop("Unclosed end tag")
            if name and name != start: stop(f'Unmatched end tag, expected "</{start}>", found "</{name}>"')
            if n > at:
                e = {"type": TAGS[start], "offset": at, "length": n - at}
                href = re.search(r"""href\s*=\s*["']?([^"'\s>]+)""", attrs)
                if start == "a": e = e | {"url": html.unescape(href[1])} if href else None
                e and ents.append(e)
        else:
            if name not in TAGS: stop(f'Unsupported start tag "{name}"')
            if not end: stop("Unclosed start tag")
            if name == "span" and "tg-spoiler" not in end[0]: stop('Tag "span" must have class "tg-spoiler"')
            stack.append((name, n, end[0]))
        i = end.end()
    if stack: bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\"")
    return "".join(out), sorted(ents, key=lambda e: (e["offset"], -e["length"]))


def check_text(p: dict, key="text", limit=4096, empty="message text is empty") -> tuple[str, list]:
    text, mode = str(p.get(key) or ""), p.get("parse_mode")
    ents = p.get("entities" if key != "caption" else "caption_entities") or []
    if mode and mode.lower() != "html": bad("unsupported parse_mode")      # fakegram knows HTML only
    if mode: text, ents = parse_html(text)
    if not text.strip() and empty: bad(empty)
    if u16(text) > limit: bad("message is too long" if key != "caption" else "message caption is too long")
    if len(ents) > 100: ents = ents[:100]                                   # the server drops the rest silently
    if any(e["offset"] < 0 or e["offset"] + e["length"] > u16(text) for e in ents): bad("entity beginning or end is out of text")
    return text, ents


def check_url(url: str, what: str, https=False):
    u = urlsplit(url)
    if https and u.scheme != "https": bad(f"{what} Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    if u.scheme not in ("http", "https", "tg", "ton") or (u.scheme[:4] == "http" and "." not in (u.hostname or "")):
        bad(f"{what} URL '{url}' is invalid: Wrong HTTP URL")


def check_markup(m):
    if m is None: return None
    if not isinstance(m, dict): bad("object expected as reply markup")
    rows = m.get("inline_keyboard", m.get("keyboard"))
    if rows is None:
        return m if {"remove_keyboard", "force_reply"} & m.keys() else bad("can't parse reply keyboard markup JSON object")
    if not isinstance(rows, list) or not all(isinstance(r, list) for r in rows): bad("can't parse keyboard: array of arrays expected")
    buttons = [b if isinstance(b, dict) else {"text": b} for r in rows for b in r]
    if len(buttons) > 100 * (1 if "inline_keyboard" in m else 3): bad("reply markup is too long")
    for b in buttons:
        if not str(b.get("text") or "").strip(): bad("inline keyboard button text must be non-empty")
        if b.get("web_app"): check_url(b["web_app"]["url"], "inline keyboard button", https=True)
        if "keyboard" in m: continue
        acts = [k for k in b if k not in ("text", "style", "icon_custom_emoji_id")]
        if len(acts) != 1: bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if acts == ["callback_data"] and not 1 <= len(str(b["callback_data"]).encode()) <= 64: bad("BUTTON_DATA_INVALID")
        if acts == ["url"]: check_url(b["url"], "inline keyboard button")
    return m if buttons else None


class Bucket:
    def __init__(self, rate, burst): self.rate, self.burst, self.level, self.at = rate, burst, float(burst), time.monotonic()
    def take(self) -> int:
        now = time.monotonic()
        self.level, self.at = min(self.burst, self.level + (now - self.at) * self.rate), now
        if self.level < 1: return int((1 - self.level) / self.rate) + 1     # seconds to wait, rounded up
        self.level -= 1
        return 0


class Chat:
    def __init__(self, id, type="private", **info):
        self.id, self.type, self.info = id, type, info
        self.messages, self.events, self.topics, self.members, self.pinned = {}, [], {}, {}, []
        self.blocked = self.admin = False
        self.keyboard, self.asked, self.wake, self.bucket = None, None, asyncio.Event(), None
        self.forum = bool(info.get("is_forum"))
    def brief(self): return {"id": self.id, "type": self.type} | self.info
    def event(self, kind, **data):
        self.events.append({"kind": kind, "n": len(self.events) + 1, "t": time.time()} | data)
        self.wake.set()


class Bot:
    """All that the server holds for one token: users, chats, messages, the queue of updates."""
    def __init__(self, token, cfg):
        self.token, self.cfg, self.id = token, cfg, int(token.split(":")[0])
        self.me = {"id": self.id, "is_bot": True, "first_name": "Fake", "username": "fake_test_bot", "can_join_groups": True,
                   "can_read_all_group_messages": not cfg["privacy"], "supports_inline_queries": True, "can_connect_to_business": False,
                   "has_main_web_app": False, "has_topics_enabled": False, "allows_users_to_create_topics": False, "can_manage_bots": False}
        self.chats, self.users, self.queries, self.inline, self.files, self.settings = {}, {}, {}, {}, {}, {}
        self.queue, self.allowed, self.wake, self.poller = {}, None, asyncio.Event(), None
        self.hook, self.hook_busy, self.hook_error, self.http = None, set(), {}, None
        self.ids, self.uids, self.qids = itertools.count(100), itertools.count(500_000_001), itertools.count(10**15)
        self.total = Bucket(cfg["global_rate"], cfg["global_burst"])
        self.calls, self.errors, self.refused, self.latency, self.flood = Counter(), Counter(), deque(maxlen=500), [], None

    # ---- delivery -------------------------------------------------------------------------------
    def push(self, kind, obj, key):
        if kind in OPTIONAL_UPDATES and not self.allowed or self.allowed and kind not in self.allowed: return None
        uid = next(self.uids)
        self.queue[uid] = ({"update_id": uid, kind: obj}, (kind, key))
        self.pump() if self.hook else self.wake.set()
        return uid

    def pump(self):
        """Webhook: parallel up to max_connections, but in order and one at a time per chat, as the real server."""
        for uid, (update, key) in self.queue.items():
            if not self.hook or len(self.hook_busy) >= self.hook["max_connections"]: return
            if key not in self.hook_busy:
                self.hook_busy.add(key)
                asyncio.get_running_loop().create_task(self.deliver(uid, update, key, self.hook))

    async def deliver(self, uid, update, key, hook):
        self.http = self.http or aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        head, tries = ({"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook["secret_token"] else {}), 0
        while uid in self.queue and self.hook is hook:
            try:
                async with self.http.post(hook["url"], json=update, headers=head, timeout=aiohttp.ClientTimeout(total=self.cfg["webhook_timeout"])) as r:
                    self.calls[f"webhook:{r.status}"] += 1
                    if r.status < 300:
                        self.queue.pop(uid, None)
                        answer = await r.text()
                        if answer[:1] == "{" and (p := json.loads(answer)).get("method"):   # answer carries a method
                            await self.call(p.pop("method"), {k: decode(k, v) for k, v in p.items()}, ignore=True)
                        break
                    why = f"Wrong response from the webhook: {r.status} {r.reason}"
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as e:
                why = "Read timeout expired" if isinstance(e, asyncio.TimeoutError) else f"Connection failed: {type(e).__name__}"
                self.calls["webhook:failed"] += 1
            self.hook_error, tries = {"last_error_date": int(time.time()), "last_error_message": why}, tries + 1
            await asyncio.sleep(self.cfg["webhook_retry"] * min(2 ** (tries - 1), 32))
        self.hook_busy.discard(key)
        self.pump()

    async def m_getupdates(self, p):
        if self.hook: raise ApiError(409, "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        me = self.poller = object()
        self.wake.set()                                                     # an older poller, if any, gets its 409
        if "allowed_updates" in p: self.allowed = p["allowed_updates"] or None
        offset, limit = p.get("offset", 0), min(max(p.get("limit", 100), 1), 100)
        first = offset if offset >= 0 else (sorted(self.queue)[offset:] or [0])[0]
        for uid in list(itertools.takewhile(lambda k: k < first, self.queue)): del self.queue[uid]
        end = time.monotonic() + min(p.get("timeout", 0), self.cfg["max_poll"])
        while not self.queue and (left := end - time.monotonic()) > 0:
            self.wake.clear()
            try: await asyncio.wait_for(self.wake.wait(), left)
            except asyncio.TimeoutError: pass
            if self.poller is None: return []                               # /_ctl/reset
            if self.poller is not me: raise ApiError(409, "terminated by setWebhook request" if self.hook else "terminated by other getUpdates request; make sure that only one bot instance is running")
        return [u for u, _ in itertools.islice(self.queue.values(), limit)]

    def m_setwebhook(self, p):
        if not p.get("url"): return self.m_deletewebhook(p)
        if urlsplit(p["url"]).scheme not in ("http", "https"): bad("bad webhook: An HTTPS URL must be provided for webhook")  # http allowed: loopback
        secret = p.get("secret_token") or ""
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret): bad("secret token contains unallowed characters")
        if p.get("drop_pending_updates"): self.queue.clear()
        if "allowed_updates" in p: self.allowed = p["allowed_updates"] or None
        self.hook = {"url": p["url"], "secret_token": secret, "max_connections": min(max(p.get("max_connections", 40), 1), 100)}
        self.hook_busy, self.poller = set(), self.hook
        self.wake.set(); self.pump()
        return True

    def m_deletewebhook(self, p):
        self.hook, self.hook_busy = None, set()
        if p.get("drop_pending_updates"): self.queue.clear()
        return True

    def m_getwebhookinfo(self, p):
        return {"url": self.hook["url"] if self.hook else "", "has_custom_certificate": False, "pending_update_count": len(self.queue)} | self.hook_error

    # ---- messages -------------------------------------------------------------------------------
    def chat(self, p, key="chat_id", write=True):
        try: chat = self.chats.get(int(p[key]))
        except KeyError: bad("chat_id is empty")
        except ValueError: chat = None
        if not chat: bad("chat not found")
        if chat.blocked: raise ApiError(403, "bot was blocked by the user" if chat.type == "private" else f"bot was kicked from the {chat.type} chat")
        if write and chat.type == "private" and not chat.messages: raise ApiError(403, "bot can't initiate conversation with a user")
        return chat

    def spend(self, chat):
        if not self.cfg["limits"]: return
        c = self.cfg
        chat.bucket = chat.bucket or (Bucket(c["chat_rate"], c["chat_burst"]) if chat.type == "private" else Bucket(c["group_per_min"] / 60, c["group_per_min"]))
        if wait := chat.bucket.take() or self.total.take(): raise ApiError(429, f"retry after {wait}", retry_after=wait)

    def post(self, chat, sender, **content):
        m = {"message_id": next(self.ids), "date": int(time.time()), "chat": chat.brief(), "from": sender} | {k: v for k, v in content.items() if v not in (None, [])}
        markup = m.get("reply_markup")
        if markup and "inline_keyboard" not in markup:                      # a reply keyboard belongs to the chat, not the message
            chat.keyboard = None if markup.get("remove_keyboard") else markup if "keyboard" in markup else chat.keyboard
            m["_sent_markup"] = m.pop("reply_markup")
        chat.messages[m["message_id"]] = m
        chat.event("new", by="bot" if sender.get("is_bot") else "user", message=m)
        if sender is self.me: self.reacted(chat)
        return {k: v for k, v in m.items() if k[0] != "_"}

    def reacted(self, chat):
        if chat.asked is None: return
        self.latency.append(time.monotonic() - chat.asked); chat.asked = None
        if self.flood: self.flood(chat)

    def send(self, p, **content):
        chat, markup = self.chat(p), check_markup(p.get("reply_markup"))
        thread, reply = p.get("message_thread_id"), (p.get("reply_parameters") or {})
        if thread and thread not in chat.topics: bad("message thread not found")
        if thread and chat.topics[thread]["closed"] and not chat.admin: bad("TOPIC_CLOSED")
        target = chat.messages.get(int(reply.get("message_id", 0)))
        if reply.get("message_id") and not target and not reply.get("allow_sending_without_reply"): bad("message to be replied not found")
        self.spend(chat)
        quoted = {k: v for k, v in target.items() if k not in ("reply_to_message", "_sent_markup")} if target else None
        return self.post(chat, self.me, reply_markup=markup, message_thread_id=thread, is_topic_message=bool(thread) or None, reply_to_message=quoted, **content)

    def m_sendmessage(self, p):
        text, ents = check_text(p)
        return self.send(p, text=text, entities=ents)

    def media(self, kind, p):
        f = p.get(kind)
        if isinstance(f, str) and f.startswith("attach://"): f = p.get(f[9:])
        if isinstance(f, tuple):                                            # (file name, bytes) uploaded now
            if not f[1]: bad("file must be non-empty")
            if len(f[1]) > (10 if kind == "photo" else 50) << 20: raise ApiError(413, "Request Entity Too Large")
            fid = f"F{len(self.files) + 1}-{random.randrange(1 << 40):x}"
            self.files[fid] = f
        elif f in self.files: fid = f
        else: bad("wrong file identifier/HTTP URL specified")
        caption, ents = check_text(p, "caption", 1024, None)
        d = {"file_id": fid, "file_unique_id": "u" + fid, "file_size": len(self.files[fid][1])}
        d |= {"photo": {"width": 640, "height": 480}, "document": {"file_name": self.files[fid][0]}, "voice": {"duration": 1}, "audio": {"duration": 1}}[kind]
        return self.send(p, **{kind: [d] if kind == "photo" else d}, caption=caption or None, caption_entities=ents)

    def m_sendphoto(self, p): return self.media("photo", p)
    def m_senddocument(self, p): return self.media("document", p)
    def m_sendvoice(self, p): return self.media("voice", p)
    def m_sendaudio(self, p): return self.media("audio", p)

    def m_getfile(self, p):
        fid = p.get("file_id")
        if fid not in self.files: bad("invalid file_id")
        return {"file_id": fid, "file_unique_id": "u" + fid, "file_size": len(self.files[fid][1]), "file_path": f"documents/{fid}"}

    def edit(self, p, **change):
        """Change a message of the bot; exactly equal content is refused as the server does."""
        if p.get("inline_message_id"):
            m = self.inline.get(p["inline_message_id"]) or bad("MESSAGE_ID_INVALID")
            chat = None
        else:
            chat = self.chat(p)
            m = chat.messages.get(p.get("message_id")) or bad("message to edit not found")
            if m["from"] is not self.me: bad("message can't be edited")
            if "text" in change and "text" not in m: bad("there is no text in the message to edit")
            if "_sent_markup" in m: bad("message can't be edited")           # sent with a reply keyboard
        change["reply_markup"] = check_markup(p.get("reply_markup"))
        if change["reply_markup"] and "inline_keyboard" not in change["reply_markup"]: bad("inline keyboard expected")
        if all((m.get(k) or None) == (v or None) for k, v in change.items()): bad(NOT_MODIFIED)
        if chat: self.spend(chat)
        m |= change | {"edit_date": int(time.time())}
        for k in [k for k, v in m.items() if v in (None, [])]: del m[k]
        if not chat: return True
        chat.event("edit", by="bot", message=m); self.reacted(chat)
        return m

    def m_editmessagetext(self, p):
        text, ents = check_text(p)
        return self.edit(p, text=text, entities=ents)
    def m_editmessagecaption(self, p):
        text, ents = check_text(p, "caption", 1024, None)
        return self.edit(p, caption=text, caption_entities=ents)
    def m_editmessagereplymarkup(self, p): return self.edit(p)

    def m_deletemessage(self, p):
        chat = self.chat(p)
        m = chat.messages.get(p.get("message_id")) or bad("message to delete not found")
        if m["from"] is not self.me and chat.type != "private" and not chat.admin: bad("message can't be deleted")
        del chat.messages[m["message_id"]]
        chat.event("delete", by="bot", message_id=m["message_id"])
        return True
    def m_deletemessages(self, p):
        for i in p.get("message_ids") or bad("message identifiers are not specified"): self.chat(p).messages.pop(int(i), None)
        return True

    def original(self, p):
        m = self.chat(p, "from_chat_id", False).messages.get(p.get("message_id")) or bad("message to copy not found")
        return {k: v for k, v in m.items() if k in ("text", "entities", "photo", "document", "voice", "audio", "caption", "caption_entities")}, m
    def m_copymessage(self, p): return {"message_id": self.send(p, **self.original(p)[0])["message_id"]}
    def m_forwardmessage(self, p):
        content, m = self.original(p)
        return self.send(p, **content, forward_origin={"type": "user", "sender_user": m["from"], "date": m["date"]})
    def m_pinchatmessage(self, p):
        chat = self.chat(p)
        if p.get("message_id") not in chat.messages: bad("message to pin not found")
        if chat.type != "private" and not chat.admin: bad("not enough rights to manage pinned messages in the chat")
        chat.pinned.append(p["message_id"]); chat.event("pin", by="bot", message_id=p["message_id"])
        return True
    def m_unpinchatmessage(self, p): self.chat(p).pinned[-1:] = []; return True
    def m_unpinallchatmessages(self, p): self.chat(p).pinned.clear(); return True
    def m_setmessagereaction(self, p):
        self.chat(p).messages.get(p.get("message_id")) or bad("message to react not found")
        self.chat(p).event("reaction", by="bot", message_id=p["message_id"], reaction=p.get("reaction"))
        return True
    def m_sendchataction(self, p):
        if p.get("action") not in {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document", "choose_sticker", "find_location", "record_video", "upload_video"}:
            bad("wrong parameter action in request")
        self.chat(p).event("action", by="bot", action=p["action"])
        return True

    # ---- queries --------------------------------------------------------------------------------
    def take_query(self, qid, kind):
        q = self.queries.get(str(qid))
        if not q or q["kind"] != kind or q["answer"] is not None or time.monotonic() - q["at"] > self.cfg["callback_ttl"]: bad(OLD_QUERY)
        return q
    def m_answercallbackquery(self, p):
        q = self.take_query(p.get("callback_query_id"), "callback")
        if u16(p.get("text") or "") > 200: bad("MESSAGE_TOO_LONG")
        q["answer"] = {k: p.get(k) for k in ("text", "show_alert", "url") if p.get(k)}
        if q["chat"]: q["chat"].event("answer", by="bot", **q["answer"])
        return True
    def m_answerinlinequery(self, p):
        q, rs = self.take_query(p.get("inline_query_id"), "inline"), p.get("results") or []
        if len(rs) > 50: bad("too many inline query results specified")
        for r in rs:
            if not 1 <= len(str(r.get("id") or "").encode()) <= 64: bad("RESULT_ID_INVALID")
            if r.get("type") == "article" and not (r.get("title") and r.get("input_message_content")): bad("can't parse inline query result: article needs title and content")
            if "message_text" in (c := r.get("input_message_content") or {}): check_text({"text": c["message_text"], **c})
            check_markup(r.get("reply_markup"))
        if len({r["id"] for r in rs}) < len(rs): bad("RESULT_ID_DUPLICATE")
        q["answer"] = rs; q["done"].set()
        return True

    # ---- settings and chats ---------------------------------------------------------------------
    def setting(self, p, name, key, limit):
        if len(str(p.get(key) or "")) > limit: bad(f"{name} is too long")
        self.settings[name, p.get("language_code", "")] = p.get(key) or ""
        return True
    def m_setmydescription(self, p): return self.setting(p, "description", "description", 512)
    def m_setmyshortdescription(self, p): return self.setting(p, "short_description", "short_description", 120)
    def m_setmyname(self, p): return self.setting(p, "name", "name", 64)
    def m_getmydescription(self, p): return {"description": self.settings.get(("description", p.get("language_code", "")), "")}
    def m_getmyshortdescription(self, p): return {"short_description": self.settings.get(("short_description", p.get("language_code", "")), "")}
    def m_getmyname(self, p): return {"name": self.settings.get(("name", p.get("language_code", "")), self.me["first_name"])}
    def key(self, p): return "commands", json.dumps(p.get("scope") or {"type": "default"}, sort_keys=True), p.get("language_code", "")
    def m_setmycommands(self, p):
        cs = p.get("commands") or []
        if len(cs) > 100: bad("BOT_COMMANDS_TOO_MUCH")
        for c in cs:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(c.get("command"))): bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(c.get("description") or "")) <= 256: bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if not re.fullmatch(r"([a-z]{2})?", p.get("language_code", "")): bad("invalid language code specified")
        self.settings[self.key(p)] = cs
        return True
    def m_getmycommands(self, p): return self.settings.get(self.key(p), [])
    def m_deletemycommands(self, p): self.settings.pop(self.key(p), None); return True
    def m_setchatmenubutton(self, p):
        b = p.get("menu_button") or {"type": "default"}
        if b.get("type") == "web_app": check_url(b["web_app"]["url"], "menu button", https=True)
        self.settings["menu", p.get("chat_id")] = b
        return True
    def m_getchatmenubutton(self, p): return self.settings.get(("menu", p.get("chat_id")), {"type": "commands"})
    def m_getme(self, p): return self.me
    def m_logout(self, p): return True
    def m_close(self, p): return True

    def m_getchat(self, p):
        c = self.chat(p, write=False)
        return c.brief() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True)}
    def member(self, chat, uid):
        if uid == self.id and chat.admin:
            return {"status": "administrator", "user": self.me, "can_be_edited": False} | dict.fromkeys(
                "is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members can_change_info can_invite_users "
                "can_post_stories can_edit_stories can_delete_stories can_pin_messages can_manage_topics can_manage_tags can_manage_direct_messages".split(), True)
        user = self.me if uid == self.id else self.users.get(uid) or bad("user not found")
        role = chat.members.get(uid, "member" if uid in (chat.id, self.id) else "left")
        return {"status": role, "user": user} | ({"is_anonymous": False} if role == "creator" else {})
    def m_getchatmember(self, p): return self.member(self.chat(p, write=False), p.get("user_id"))
    def m_getchatadministrators(self, p):
        c = self.chat(p, write=False)
        return [self.member(c, u) for u, r in c.members.items() if r in ("creator", "administrator")] + ([self.member(c, self.id)] if c.admin else [])
    def m_getchatmembercount(self, p): return len(self.chat(p, write=False).members) + 1
    def m_leavechat(self, p): self.chat(p).blocked = True; return True

    def topic(self, p, **change):
        chat = self.chat(p, write=False)
        if not chat.forum: bad("the chat is not a forum")
        if chat.type != "private" and not chat.admin: bad("not enough rights to manage topics")
        if "name" in p and not 1 <= len(p["name"]) <= 128: bad("TOPIC_TITLE_EMPTY" if not p["name"] else "topic name is too long")
        t = chat.topics.get(p.get("message_thread_id")) or bad("message thread not found")
        if all(t[k] == v for k, v in change.items()): bad("TOPIC_NOT_MODIFIED")
        t |= change; chat.event("topic", by="bot", topic=dict(t))
        return True
    def m_createforumtopic(self, p):
        tid = next(self.ids); name = p.get("name") or bad("TOPIC_TITLE_EMPTY"); chat = self.chat(p, write=False)
        chat.topics[tid] = {"message_thread_id": tid, "name": None, "icon_color": 7322096, "closed": False}
        try: self.topic(p | {"message_thread_id": tid}, name=name)
        except ApiError: del chat.topics[tid]; raise
        return {k: v for k, v in chat.topics[tid].items() if k != "closed"}
    def m_editforumtopic(self, p): return self.topic(p, name=p.get("name"))
    def m_closeforumtopic(self, p): return self.topic(p, closed=True)
    def m_reopenforumtopic(self, p): return self.topic(p, closed=False)
    def m_deleteforumtopic(self, p): return bool(self.chat(p, write=False).topics.pop(p.get("message_thread_id"), None)) or bad("message thread not found")

    async def call(self, method, p, ignore=False):
        """One API call, counted; every refusal is kept for /_ctl/stats."""
        self.calls[method] += 1
        try:
            f = getattr(self, "m_" + method.lower(), None)
            if not f: raise ApiError(404, "Not Found")
            r = f(p)
            return await r if asyncio.iscoroutine(r) else r
        except (ApiError, KeyError, TypeError, ValueError, AttributeError) as e:
            e = e if isinstance(e, ApiError) else ApiError(400, f"can't parse request ({type(e).__name__}: {e})")
            self.errors[f"{e.code} {e.body['description'][:80]}"] += 1
            self.refused.append({"t": time.time(), "method": method, "error": e.body["description"], "params": {k: str(v)[:120] for k, v in p.items()}})
            if not ignore: raise e


def decode(key, v):
    """Form fields arrive as strings; the same field may arrive typed in a JSON body."""
    if not isinstance(v, str): return v
    try: return json.loads(v or "null") if key in JSONS else int(v) if key in INTS else v.lower() in ("true", "1") if key in BOOLS else v
    except ValueError: bad(f"can't parse {key.replace('_', ' ')} JSON object" if key in JSONS else f"{key} must be an integer")


def percentiles(xs):
    xs = sorted(xs)
    return {"n": len(xs)} | ({f"p{q}_ms": round(1000 * xs[min(len(xs) - 1, len(xs) * q // 100)], 2) for q in (50, 95, 99)} | {"max_ms": round(1000 * xs[-1], 2)} if xs else {})


class Server:
    def __init__(self, token=None, **cfg):
        self.cfg, self.only, self.bots, self.faults = CFG | cfg, token, {}, []
        if token: self.bots[token] = Bot(token, self.cfg)
        self.app = web.Application(client_max_size=64 << 20); self.app.on_cleanup.append(self.close)
        self.app.add_routes([web.route("*", "/bot{token}/{method}", self.api), web.get("/file/bot{token}/{dir}/{fid}", self.file),
                             web.get("/_ctl/chat/{id}/{what}", self.look), web.route("*", "/_ctl/{what}", self.ctl), web.post("/_ctl/user/{id}/{what}", self.ctl)])

    async def close(self, app):
        for b in self.bots.values(): b.http and await b.http.close()

    @staticmethod
    def reply(body, status=200): return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")

    async def api(self, rq):
        token, method = rq.match_info["token"], rq.match_info["method"]
        if not re.fullmatch(r"\d+:[\w-]+", token): return self.reply({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        if self.only and token != self.only: return self.reply({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        bot = self.bots.get(token) or self.bots.setdefault(token, Bot(token, self.cfg))
        try:
            raw = dict(rq.query) | (dict(await rq.json()) if rq.content_type == "application/json" else dict(await rq.post()) if rq.can_read_body else {})
            p = {k: (v.filename, v.file.read()) if isinstance(v, web.FileField) else decode(k, v) for k, v in raw.items()}
            fault = self.faults and self.pick(method, p)
            kind = fault and fault["kind"]
            if kind == "delay": await asyncio.sleep(fault["seconds"])
            elif kind == "drop": rq.transport.abort(); return web.Response()
            elif kind == "garbage": return web.Response(text="<html>captive portal</html>", content_type="text/html")
            elif kind == 502: return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            elif isinstance(kind, int): raise ApiError(kind, fault.get("description", "injected"), **({"retry_after": fault["seconds"]} if kind == 429 else {}))
            result = await bot.call(method, p)
            if kind == "drop_after": rq.transport.abort()                   # done, yet the bot never hears of it
            return self.reply({"ok": True, "result": result})
        except ApiError as e: return self.reply(e.body, e.code)
        except ValueError: return self.reply(ApiError(400, "can't parse JSON").body, 400)

    def pick(self, method, p):
        for f in self.faults:
            if f["times"] and f["method"].lower() in ("*", method.lower()) and str(f.get("chat", p.get("chat_id"))) == str(p.get("chat_id")) and random.random() < f["p"]:
                f["times"] -= 1; f["hits"] += 1
                return f

    async def file(self, rq):
        f = self.bots[rq.match_info["token"]].files.get(rq.match_info["fid"])
        return web.Response(body=f[1]) if f else self.reply({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    # ---- control: the users' side ---------------------------------------------------------------
    def which(self, rq):
        t = rq.query.get("bot") or next(iter(self.bots), None)
        if t not in self.bots: raise web.HTTPServiceUnavailable(text="no bot has called yet")
        return self.bots[t]

    async def look(self, rq):
        """/messages: what the user sees now.  /events?since=&wait=&settle=: what happened; waits until it is quiet."""
        chat = self.which(rq).chats.get(int(rq.match_info["id"]))
        if not chat: raise web.HTTPNotFound(text="no such chat")
        if rq.match_info["what"] == "messages":
            return self.reply({"messages": [m for m in chat.messages.values()], "keyboard": chat.keyboard, "pinned": chat.pinned, "topics": list(chat.topics.values())})
        since, wait, settle = (float(rq.query.get(k, d)) for k, d in (("since", 0), ("wait", 0), ("settle", 0)))
        fresh = lambda: [e for e in chat.events[int(since):] if e["by"] == "bot" and e["kind"] != "action"]
        end, seen = time.monotonic() + wait, 0
        while (left := min(end - time.monotonic(), settle if seen else 1e9)) > 0:
            if len(fresh()) > seen: seen = len(fresh()); continue
            chat.wake.clear()
            try: await asyncio.wait_for(chat.wake.wait(), left)
            except asyncio.TimeoutError:
                if seen: break
        return self.reply({"events": chat.events[int(since):], "cursor": len(chat.events)})

    async def ctl(self, rq):
        b = await rq.json() if rq.can_read_body else {}
        uid, what = int(rq.match_info.get("id", 0)), rq.match_info["what"]
        f = getattr(self, ("u_" if uid else "c_") + what, None)
        if not f: raise web.HTTPNotFound(text=f"no control {what}")
        try: r = f(self.which(rq), b, *([uid] if uid else []))
        except (KeyError, ValueError, ApiError) as e: raise web.HTTPBadRequest(text=f"{what}: {e!r}")
        return self.reply(await r if asyncio.iscoroutine(r) else r)

    def c_faults(self, bot, b):
        if b.get("clear"): self.faults.clear()
        self.faults += [{"method": "*", "kind": "drop", "times": 1, "p": 1.0, "seconds": 1, "hits": 0} | f for f in b.get("add", [])]
        return self.faults
    def c_config(self, bot, b):
        self.cfg.update(b); bot.total = Bucket(self.cfg["global_rate"], self.cfg["global_burst"])
        for c in bot.chats.values(): c.bucket = None
        bot.me |= {"can_read_all_group_messages": not self.cfg["privacy"]} | b.get("me", {})
        return self.cfg
    def c_reset(self, bot, b):
        self.faults.clear(); self.bots[bot.token] = new = Bot(bot.token, self.cfg)
        new.hook, new.allowed, new.settings, new.me = bot.hook, bot.allowed, bot.settings, bot.me
        new.ids, new.uids, new.qids = bot.ids, bot.uids, bot.qids            # a running bot's offset stays true
        bot.queue.clear(); bot.poller = None; bot.wake.set()
        if bot.http: asyncio.get_running_loop().create_task(bot.http.close())
        return {}
    def c_stats(self, bot, b):
        open_q = [q for q in bot.queries.values() if q["kind"] == "callback" and q["answer"] is None]
        return {"calls": bot.calls, "errors": bot.errors, "refused": list(bot.refused), "reply_latency": percentiles(bot.latency), "pending": len(bot.queue), "webhook": bot.hook,
                "unanswered_callbacks": len(open_q), "settings": [[*k, v] for k, v in bot.settings.items()], "cpu_s": time.process_time(), "faults": self.faults}

    def c_chat(self, bot, b):
        c = bot.chats[b["id"]] = bot.chats.get(b["id"]) or Chat(b["id"], b.get("type", "supergroup"), **{k: b[k] for k in ("title", "is_forum", "username") if k in b})
        was = self.state(bot, c); c.admin = b.get("admin", c.admin); c.blocked = b.get("kicked", False)
        c.members |= {int(k): v for k, v in b.get("members", {}).items()}
        by = bot.users.get(b.get("by")) or {"id": 1, "is_bot": False, "first_name": "Admin"}
        bot.push("my_chat_member", {"chat": c.brief(), "from": by, "date": int(time.time()), "old_chat_member": was, "new_chat_member": self.state(bot, c)}, c.id)
        return c.brief()
    def state(self, bot, c):
        return {"status": "kicked", "user": bot.me, "until_date": 0} if c.blocked else bot.member(c, bot.id)

    def speaker(self, bot, uid, b):
        u = bot.users.setdefault(uid, {"id": uid, "is_bot": False, "first_name": f"User{uid}", "language_code": "es"})
        u |= {k: b[k] for k in ("first_name", "last_name", "username", "language_code") if k in b}
        cid = int(b.get("chat") or uid)
        if cid == uid and cid not in bot.chats: bot.chats[cid] = Chat(uid, first_name=u["first_name"], **{k: u[k] for k in ("username",) if k in u})
        c = bot.chats[cid]; c.members.setdefault(uid, "member")
        return u, c
    def u_block(self, bot, b, uid, kicked=True):
        u, c = self.speaker(bot, uid, b); was = self.state(bot, c); c.blocked = kicked
        bot.push("my_chat_member", {"chat": c.brief(), "from": u, "date": int(time.time()), "old_chat_member": was, "new_chat_member": self.state(bot, c)}, c.id)
        return {}
    def u_unblock(self, bot, b, uid): return self.u_block(bot, b, uid, False)
    def u_hello(self, bot, b, uid): self.speaker(bot, uid, b); return {}     # known to the server, has not written yet

    def u_send(self, bot, b, uid):
        u, c = self.speaker(bot, uid, b)
        if c.blocked and c.type == "private": self.u_unblock(bot, {}, uid)   # a client unblocks when the user writes
        text = b.get("text")
        ents = b.get("entities") or [{"type": m.lastgroup, "offset": u16(text[:m.start()]), "length": u16(m[0])} for m in USER_ENTITIES.finditer(text or "")]
        content = dict(b.get("extra") or {}, text=text, entities=ents, message_thread_id=b.get("thread"), is_topic_message=bool(b.get("thread")) or None)
        for kind in {"document", "photo", "voice"} & b.keys():
            data = base64.b64decode(b[kind]["content"]); fid = f"U{len(bot.files) + 1}"; bot.files[fid] = (b[kind].get("file_name", kind), data)
            d = {"file_id": fid, "file_unique_id": "u" + fid, "file_size": len(data)} | {k: v for k, v in b[kind].items() if k != "content"}
            content[kind] = [d | {"width": 640, "height": 480}] if kind == "photo" else d | ({"duration": 1} if kind == "voice" else {})
        if b.get("reply_to"): content["reply_to_message"] = {k: v for k, v in c.messages[b["reply_to"]].items() if k[0] != "_" and k != "reply_to_message"}
        if b.get("edit"):
            m = c.messages[b["edit"]]; m |= {"text": text, "entities": ents, "edit_date": int(time.time())}; kind = "edited_message"
        else: m, kind = bot.post(c, u, **content), "message"
        to_bot = c.type == "private" or c.admin or not self.cfg["privacy"] or (text or "")[:1] == "/" or content.get("reply_to_message", {}).get("from", {}).get("id") == bot.id
        c.asked, cursor = time.monotonic(), len(c.events)
        return {"message_id": m["message_id"], "cursor": cursor, "update_id": bot.push(kind, m, c.id) if to_bot else None}

    def u_press(self, bot, b, uid):
        u, c = self.speaker(bot, uid, b)
        rows = (c.keyboard or {}).get("keyboard", [])
        if any(b.get("text") == (x if isinstance(x, str) else x["text"]) for r in rows for x in r) and not b.get("message_id"): return self.u_send(bot, b, uid)
        found = [(m, x) for m in reversed(c.messages.values()) if b.get("message_id") in (None, m["message_id"])
                 for i, x in enumerate(x for r in m.get("reply_markup", {}).get("inline_keyboard", []) for x in r)
                 if x["text"] == b.get("text") or i == b.get("index", -1) or x.get("callback_data", 0) == b.get("data")]
        if "forge" in b: found = [(c.messages[b["message_id"]], {"text": "?", "callback_data": b["forge"]})]     # a modified client
        if not found: raise KeyError(f"no such button; visible: {[x['text'] for m in c.messages.values() for r in m.get('reply_markup', {}).get('inline_keyboard', []) for x in r]}")
        m, x = found[0]
        if "callback_data" not in x: return {"button": x, "cursor": len(c.events)}
        qid = str(next(bot.qids)); bot.queries[qid] = {"kind": "callback", "at": time.monotonic(), "chat": c, "answer": None}
        c.asked = time.monotonic()
        seen = {k: v for k, v in m.items() if k[0] != "_"}
        bot.push("callback_query", {"id": qid, "from": u, "chat_instance": f"ci{c.id}", "data": x["callback_data"]} | ({"inline_message_id": m["_inline"]} if "_inline" in m else {"message": seen}), uid)
        return {"callback_query_id": qid, "cursor": len(c.events)}

    async def c_inline(self, bot, b):
        u, c = self.speaker(bot, int(b["user"]), b)
        qid, done = str(next(bot.qids)), asyncio.Event()
        q = bot.queries[qid] = {"kind": "inline", "at": time.monotonic(), "chat": None, "answer": None, "done": done}
        bot.push("inline_query", {"id": qid, "from": u, "query": b.get("query", ""), "offset": b.get("offset", ""), "chat_type": "sender" if c.type == "private" else c.type}, u["id"])
        try: await asyncio.wait_for(done.wait(), b.get("wait", 5))
        except asyncio.TimeoutError: return {"results": None}
        if "choose" in b:
            r = q["answer"][b["choose"]]; text, ents = check_text({"text": r["input_message_content"]["message_text"], **r["input_message_content"]})
            mid = f"inline{qid}"; m = bot.post(c, u, text=text, entities=ents, via_bot=bot.me, reply_markup=r.get("reply_markup"), _inline=mid)
            bot.inline[mid] = c.messages[m["message_id"]]
            bot.push("chosen_inline_result", {"result_id": r["id"], "from": u, "query": b.get("query", "")} | ({"inline_message_id": mid} if r.get("reply_markup") else {}), u["id"])
        return {"results": q["answer"]}

    async def c_flood(self, bot, b):
        """Closed-loop load from inside the server: `window` users, each writes again once answered."""
        n, window, text = b.get("n", 2000), b.get("window", 32), b.get("text", "hola")
        start, left, got, done = len(bot.latency), itertools.count(), itertools.count(1), asyncio.Event()
        def more(chat):
            if next(got) >= n: done.set()
            if next(left) < n: self.u_send(bot, {"text": text}, chat.id)
        bot.flood, t0, cpu = more, time.monotonic(), time.process_time()
        for i in range(min(window, n)): next(left); self.u_send(bot, {"text": text}, 10_000_000 + i)
        try: await asyncio.wait_for(done.wait(), b.get("timeout", 60))
        except asyncio.TimeoutError: pass
        bot.flood, dt = None, time.monotonic() - t0
        k = len(bot.latency) - start
        return {"seconds": round(dt, 3), "per_s": round(k / dt, 1), "server_cpu_ms_per_update": round(1000 * (time.process_time() - cpu) / max(k, 1), 3)} | percentiles(bot.latency[start:])


def main():
    a = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    a.add_argument("--host", default="127.0.0.1"); a.add_argument("--port", type=int, default=8081); a.add_argument("--token")
    a.add_argument("--no-limits", action="store_true"); a.add_argument("--no-privacy", action="store_true")
    o = a.parse_args()
    try: import uvloop; uvloop.install()
    except ImportError: pass
    web.run_app(Server(o.token, limits=not o.no_limits, privacy=not o.no_privacy).app, host=o.host, port=o.port, access_log=None, print=None)


if __name__ == "__main__": main()
