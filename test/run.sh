#!/bin/sh
# Runs a TypeScript program of this tree, after installing the locked npm packages where they are missing or stale.
set -eu
cd "$(dirname "$0")/.."
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo "[npm] installing the locked packages into node_modules" >&2
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.installed-lock.json
fi
# The Node 22 package of the tests puts a `node` of its own on npm's path; everything but its stage runs on the installed one.
rm -f node_modules/.bin/node
exec node --import tsx "$@"
