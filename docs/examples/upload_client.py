"""A file with the call of the Python client: unified_api.create(model, resource, data, query).

The client (0.1.0) sends JSON only, so the file goes as a data URI. The class below stands in for it, because the
package may not be at hand where this runs; it has the client's signature and its manners on the wire: both JSON
headers on every request, a query string even when it is empty, `a[b]=c` for objects, `a[]=x` for arrays, lower-case
booleans, an error raised by status. With the real client installed only the import and the construction change.

From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
"""

import base64
import json
import mimetypes
import os
import urllib.request
from urllib.parse import quote_plus


def query_string(value, prefix=""):
    """The pairs of a query, nested by brackets."""
    if isinstance(value, dict):
        items = [(f"{prefix}[{key}]" if prefix else key, inner) for key, inner in value.items()]
    elif isinstance(value, list):
        items = [(f"{prefix}[]", inner) for inner in value]
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return [f"{quote_plus(prefix)}={quote_plus(text)}"]
    return [pair for name, inner in items for pair in query_string(inner, name)]


class UnifiedAPI:
    def __init__(self, token, base_url):
        self.token, self.base_url = token, base_url

    def create(self, model, resource, data, query):
        request = urllib.request.Request(
            f"{self.base_url}/unified/{model}/{resource}?{'&'.join(query_string(query))}",
            method="POST",
            data=json.dumps(data).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)


path = os.environ["FILE"]
kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
with open(path, "rb") as file:
    encoded = base64.b64encode(file.read()).decode()

unified_api = UnifiedAPI(os.environ["ATTACHE_TOKEN"], os.environ["ATTACHE_URL"])
result = unified_api.create(
    "ats",
    "attachments",
    {
        "file": f"data:{kind};base64,{encoded}",
        "file_name": os.path.basename(path),
        "candidate_id": os.environ["ATTACHE_CANDIDATE"],
        "remote_data": {},
    },
    {"integrated_account_id": os.environ["ATTACHE_ACCOUNT"], "truto_exclude_fields": ["updated_at"]},
)
print(json.dumps(result))
