"""The calls that the program that is shipped is optimized for (pgo.py) and laid out for (order.py)."""
import http.client, sys, urllib.parse

from harness import form


class Calls:
    """Calls of one gateway, one after the other over one connection."""

    def __init__(self, gateway):
        self.token, self.accounts = gateway.ready["token"], gateway.ready["accounts"]
        self.connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=600)

    def call(self, method, path, account, body=None, media_type=None, **query):
        headers = {"Authorization": f"Bearer {self.token}", **({"Content-Type": media_type} if media_type else {})}
        query = urllib.parse.urlencode({"integrated_account_id": account, **query})
        self.connection.request(method, f"{path}?{query}", body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status not in (200, 201):
            sys.exit(f"{method} {path}: {response.status} {text.decode()}")

    def creates(self, count, size=20_000):
        """Uploads of so many bytes each."""
        body, media_type = form("%PDF-1.4\n" + "x" * size)
        for _ in range(count):
            self.call("POST", "/unified/ats/attachments", self.accounts["lever"], body, media_type)

    def lists(self, count):
        """Lists of one vendor's candidates in its sandbox, which has a limit of calls."""
        account = next(self.accounts[name] for name in sorted(self.accounts) if name != "lever")
        for _ in range(count):
            self.call("GET", "/unified/ats/candidates", account)
