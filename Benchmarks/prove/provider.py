"""A provider that gives its tokens in a chain, keeps files, and writes down what it is asked.

A refresh token is taken once; the one before it is taken again until somebody uses what came of it, as many providers do for a
response that was lost on its way. Any other ends the account's consent. What happens goes to `history` as events: `token` for a
refresh (from when to when, from where, and whether the token was `current`, `again` or `dead`), `call` for every other call, `refused`
for one without a good access token, and `stored` for a file.
"""
import http.server, json, random, re, threading, time, urllib.parse

# Seconds of an access token. Five minutes before its end a refresh begins beside the calls.
LIFE = 330


class Chain:
    """The tokens of one account."""

    def __init__(self, account):
        self.account, self.number, self.is_dead = account, 0, False
        # The tokens that are taken again: nobody has used what came of them.
        self.lost = set()
        self.ends = {self.access(): time.monotonic() + LIFE}

    def access(self):
        return f"access.{self.account}.{self.number}"

    def refresh(self):
        return f"refresh.{self.account}.{self.number}"

    def take(self, token):
        """How a refresh token stands; the next ones are made unless it is dead."""
        number = int(token.rsplit(".", 1)[1])
        kind = "dead"
        if not self.is_dead and number == self.number:
            kind = "current"
        elif not self.is_dead and number in self.lost:
            kind = "again"
        if kind == "dead":
            self.is_dead = True
        else:
            # All that came of this token may still turn out to have been lost.
            self.lost = {number} | (self.lost if kind == "again" else set())
            self.number += 1
            self.ends[self.access()] = time.monotonic() + LIFE
        return kind

    def allows(self, token):
        if self.is_dead or self.ends.get(token, 0) < time.monotonic():
            return False
        if token == self.access():
            self.lost = set()
        return True


class Provider(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host, port, history, accounts):
        super().__init__((host, port), Handler)
        self.history, self.lock, self.dice = history, threading.Lock(), random.Random(1)
        self.chains = {account: Chain(account) for account in accounts}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a node that is cut off or held


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if "content-length" in self.headers:
            return self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("transfer-encoding") != "chunked":
            return b""
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def think(self):
        time.sleep(self.server.dice.random() * 0.03)

    def do_POST(self):
        began, body = time.monotonic(), self.body()
        if self.path.endswith("/token"):
            return self.token(began, urllib.parse.parse_qs(body.decode()))
        if not (account := self.account()):
            return
        key = re.search(rb'filename="([^"]+)\.txt"', body).group(1).decode()
        self.think()
        self.server.history.add("stored", key=key, account=account)
        self.think()
        self.reply(200, {"attachmentId": key, "fileName": f"{key}.txt", "type": "Other"})

    def do_GET(self):
        if self.account():
            self.think()
            self.reply(200, {"items": [{"candidateId": 1, "firstName": "Ada"}], "totalCount": 1})

    def account(self):
        """Whose call it is; None where that has been answered."""
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        account = token.split(".")[1] if token.count(".") == 2 else None
        with self.server.lock:
            chain = self.server.chains.get(account)
            is_good = chain is not None and chain.allows(token)
        self.server.history.add("call" if is_good else "refused", account=account, node=self.client_address[0])
        if is_good:
            return account
        self.reply(401, {"message": "the token is not good"})

    def token(self, began, form):
        token = form.get("refresh_token", ["."])[0]
        account = token.split(".")[1]
        self.think()
        with self.server.lock:
            chain = self.server.chains[account]
            kind = chain.take(token)
            answer = {"access_token": chain.access(), "refresh_token": chain.refresh(), "token_type": "Bearer", "expires_in": LIFE}
        self.think()
        self.server.history.add("token", account=account, began=began, node=self.client_address[0], kind=kind, token=token)
        self.reply(*((400, {"error": "invalid_grant"}) if kind == "dead" else (200, answer)))

    def log_message(self, *_):
        pass
