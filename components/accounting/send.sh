#!/bin/bash
# Sends the records and checks that all were sent: ssmsend exits with 0 in any case, but removes a record only once it is sent.
#
# Environment:
#   SETTINGS  configuration of ssmsend
#   RECORDS   folder with a folder of records for each run
: "${SETTINGS:?}" "${RECORDS:?}"
set -e
ssmsend -c "$SETTINGS"
shopt -s nullglob
left=("$RECORDS"/*/*)
if [ "${#left[@]}" -ne 0 ]; then
  echo "not sent: ${left[*]}" >&2
  exit 1
fi
