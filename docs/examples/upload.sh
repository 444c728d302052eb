#!/usr/bin/env bash
# A file of a candidate with curl: the same call as in the public API reference.
# Without candidate_id some vendors keep the file for a day only; the response then says so in expires_at.
# From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
set -euo pipefail

curl --fail-with-body --silent --show-error -X POST \
  "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \
  -H "Authorization: Bearer $ATTACHE_TOKEN" \
  -F "candidate_id=$ATTACHE_CANDIDATE" \
  -F "file=@$FILE"
