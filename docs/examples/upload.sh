#!/usr/bin/env bash
# A file with curl: the same call as in the public API reference.
# From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, FILE.
set -euo pipefail

curl --fail-with-body --silent --show-error -X POST \
  "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \
  -H "Authorization: Bearer $ATTACHE_TOKEN" \
  -F "file=@$FILE"
