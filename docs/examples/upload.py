"""A file of a candidate with requests, as in the public API reference.

Without candidate_id some vendors keep the file for a day only; the response then says so in expires_at.
From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
"""

import os

import requests

with open(os.environ["FILE"], "rb") as file:
    response = requests.post(
        os.environ["ATTACHE_URL"] + "/unified/ats/attachments",
        params={"integrated_account_id": os.environ["ATTACHE_ACCOUNT"]},
        headers={"Authorization": "Bearer " + os.environ["ATTACHE_TOKEN"]},
        data={"candidate_id": os.environ["ATTACHE_CANDIDATE"]},
        files={"file": file},
    )

print(response.text)
response.raise_for_status()
