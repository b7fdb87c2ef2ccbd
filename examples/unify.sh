#!/usr/bin/env bash
# Moves every customer that is ready from one console to another, with curl and jq. It can be run again at any time and goes
# on where it was: first it connects the consoles, and seven days later it moves the customers.
#
#   BASE=http://localhost:8080 MAIN=C2... MAIN_TOKEN=psc_... SOURCE=C3... SOURCE_TOKEN=psc_... examples/unify.sh
set -euo pipefail

# call TOKEN METHOD PATH [BODY]
call() {
  curl --silent --show-error --fail-with-body -X "$2" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
    ${4:+--data "$4"} "$BASE/v1/consoles/$3"
}

connected() {
  call "$MAIN_TOKEN" GET "$MAIN/connections" |
    jq -c --arg source "$SOURCE" '.connections[]? | select(.accountId == $source and .state == "STATE_CONNECTED")'
}

connection=$(connected)
if [ -z "$connection" ]; then
  id=$(call "$MAIN_TOKEN" POST "$MAIN/connections" "{\"accountId\": \"$SOURCE\"}" | jq -r .id)
  call "$SOURCE_TOKEN" POST "$SOURCE/connections/$id:accept" '{}' >/dev/null
  connection=$(connected)
fi
if [ "$(jq -r '.waiting // false' <<<"$connection")" = true ]; then
  echo "connected; migrations may start at $(jq -r .mayStartTime <<<"$connection")"
  exit 0
fi

id=$(jq -r .id <<<"$connection")
all='{"scope": {"all": true}}'
call "$SOURCE_TOKEN" POST "$SOURCE/connections/$id/migrations:batchStart" "$all" >/dev/null
accounts=$(call "$MAIN_TOKEN" POST "$MAIN/connections/$id/migrations:suggestAccounts" "$all")
body=$(jq -c '{scope: {all: true}, choices, entityToken: (.entityToken // "")}' <<<"$accounts")
run=$(call "$MAIN_TOKEN" POST "$MAIN/connections/$id/migrations:batchComplete" "$body")
while [ "$(jq -r '.done // false' <<<"$run")" = false ]; do
  run=$(call "$MAIN_TOKEN" POST "$MAIN/operations/$(jq -r .id <<<"$run"):wait" '{"timeout": "30s"}')
done
call "$MAIN_TOKEN" GET "$MAIN/connections/$id/reports/$(jq -r .id <<<"$run")" |
  jq -r '"moved \(.customers) of \(.operation.totalCount) customers; the books fit: \(.fits)"'
