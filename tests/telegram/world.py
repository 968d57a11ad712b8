# Taken in as it is, so that it can be compared with its source; hence neither linted nor formatted.
# ruff: noqa
# fmt: off
"""World: act as Telegram users against fakegram (standard library only).

    w = World("http://127.0.0.1:8081"); ana = w.user(7, lang="es")
    ana.say("/start") -> [Reply]; ana.press("Sí") -> [Reply]; ana.screen() -> what she sees
"""
import base64, json, urllib.error, urllib.parse, urllib.request


class Reply(dict):
    """One thing the bot did in the chat: kind is new | edit | delete | answer | pin | topic | reaction."""
    @property
    def message(self): return self.get("message") or {}
    @property
    def text(self): return self.message.get("text") or self.message.get("caption") or self.get("text") or ""
    @property
    def id(self): return self.message.get("message_id") or self.get("message_id")
    @property
    def rows(self): return (self.message.get("reply_markup") or {}).get("inline_keyboard") or (self.message.get("_sent_markup") or {}).get("keyboard") or []
    @property
    def buttons(self): return [b if isinstance(b, str) else b["text"] for r in self.rows for b in r]
    def __repr__(self): return f"<{self['kind']} {self.text!r} {self.buttons or ''}>"


class World:
    def __init__(self, base, bot=None, timeout=5.0, settle=0.25):
        self.base, self.bot, self.timeout, self.settle = base, bot, timeout, settle
        self.http = urllib.request.build_opener(urllib.request.ProxyHandler({}))    # never through a proxy

    def ctl(self, path, body=None, **query):
        if self.bot: query["bot"] = self.bot
        url = f"{self.base}/_ctl/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        rq = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with self.http.open(rq, timeout=90) as r: return json.loads(r.read())
        except urllib.error.HTTPError as e: raise RuntimeError(f"{path}: {e.code} {e.read().decode()[:400]}") from None

    def user(self, id, lang="es", **info): return User(self, id, {"language_code": lang} | info)
    def group(self, id, title="Grupo", **more): return self.ctl("chat", {"id": id, "title": title} | more)
    def messages(self, chat): return self.ctl(f"chat/{chat}/messages")["messages"]
    def faults(self, *add, clear=True): return self.ctl("faults", {"add": list(add), "clear": clear})
    def config(self, **c): return self.ctl("config", c)
    def stats(self): return self.ctl("stats")
    def reset(self): return self.ctl("reset", {})
    def inline(self, user, query, **more): return self.ctl("inline", {"user": user, "query": query} | more)["results"]
    def flood(self, **c): return self.ctl("flood", c)

    def replies(self, chat, since, timeout=None, settle=None):
        """What the bot did in the chat after event `since`: waits for the first, then until it is quiet."""
        r = self.ctl(f"chat/{chat}/events", since=since, wait=self.timeout if timeout is None else timeout, settle=self.settle if settle is None else settle)
        return [Reply(e) for e in r["events"] if e["by"] == "bot" and e["kind"] != "action"]


class User:
    def __init__(self, world, id, info): self.w, self.id, self.info = world, id, info

    def act(self, what, chat=None, timeout=None, settle=None, **body):
        r = self.w.ctl(f"user/{self.id}/{what}", self.info | body | ({"chat": chat} if chat else {}))
        if "button" in r: return r["button"]                     # a URL or web-app button: nothing reaches the bot
        return self.w.replies(chat or self.id, r["cursor"], timeout, settle) if "cursor" in r and timeout != 0 else r

    def say(self, text, **k): return self.act("send", text=text, **k)
    def press(self, text=None, **k): return self.act("press", text=text, **k)            # or index=, data=, message_id=, forge=
    def document(self, name, data, mime="application/octet-stream", **k):
        return self.act("send", document={"file_name": name, "mime_type": mime, "content": base64.b64encode(data).decode()}, **k)
    def block(self): return self.w.ctl(f"user/{self.id}/block", {})
    def unblock(self): return self.w.ctl(f"user/{self.id}/unblock", {})
    def screen(self, chat=None): return self.w.messages(chat or self.id)
