#!/bin/sh
# The pre-commit hook: builds the command where it is not built yet, and judges the files that are committed.
set -eu
here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)
if [ ! -e "$here/bin/policy-check.cjs" ]; then
  [ -e "$here/../node_modules/tsx" ] || (cd "$here/.." && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  node "$here/bundle.mjs"
fi
exec node "$here/bin/policy-check.cjs" "$@"
