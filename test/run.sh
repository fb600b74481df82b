#!/bin/sh
# Runs a TypeScript program of this tree, after installing the locked npm packages where they are missing or stale.
set -eu
cd "$(dirname "$0")/.."
# The policy pack is a package of its own, as Pulumi demands.
for folder in . policies; do
  if ! node test/isInstalled.mjs "$folder"; then
    case " $* " in
      *" --help "*)
        echo "The packages of $folder/ are not those of its package-lock.json. Install them: (cd $folder && npm ci)" >&2
        exit 1
        ;;
    esac
    echo "[npm] installing the locked packages into $folder/node_modules" >&2
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  fi
done
# The Node 22 package of the tests puts a `node` of its own on npm's path; everything but its stage runs on the installed one.
rm -f node_modules/.bin/node
exec node --import tsx "$@"
