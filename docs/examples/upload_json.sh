#!/usr/bin/env bash
# A file as base64 in JSON, on a candidate, for callers that cannot send forms.
# From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
set -euo pipefail

printf '{"file":"%s","file_name":"%s","attachment_type":"resume","candidate_id":"%s"}' \
  "$(base64 <"$FILE" | tr -d '\n')" "$(basename "$FILE")" "$ATTACHE_CANDIDATE" |
  curl --fail-with-body --silent --show-error -X POST \
    "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \
    -H "Authorization: Bearer $ATTACHE_TOKEN" \
    -H "Content-Type: application/json" --data-binary @-
