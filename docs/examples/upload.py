"""A file with requests, as in the public API reference.

From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, FILE.
"""

import os

import requests

with open(os.environ["FILE"], "rb") as file:
    response = requests.post(
        os.environ["ATTACHE_URL"] + "/unified/ats/attachments",
        params={"integrated_account_id": os.environ["ATTACHE_ACCOUNT"]},
        headers={"Authorization": "Bearer " + os.environ["ATTACHE_TOKEN"]},
        files={"file": file},
    )

print(response.text)
response.raise_for_status()
