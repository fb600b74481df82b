#!/bin/bash
# Keeps this machine's CVMFS repositories mounted. It never touches a repository itself: each probe is a child's, since a
# reader of a hung client may not even be killable.
#   start         mounts them, now and at every boot
#   gate SECONDS  waits until every repository answers, then goes on in any case
#   fix           mounts what is missing, and again what lost its client or runs without the configuration; called by a timer
#   end SECONDS   at shutdown: unmounts, and waits until the client has closed its cache
#
# Environment, each a list of words:
#   REPOSITORIES   repositories that every batch node must offer
#   MOUNTS         those with a mount unit, in the order they are mounted; none with the automounter
#   CONFIGURATION  repository with servers and keys of the others; the client reads it whenever it mounts one of them
#   UNITS          units that `start` enables and starts
#   BOOT_UNITS     units that `start` enables for later boots only
#   PROXIES        host:port of every proxy; none: the client goes to the servers directly
: "${REPOSITORIES?}" "${MOUNTS?}" "${CONFIGURATION:?}" "${UNITS?}" "${BOOT_UNITS?}" "${PROXIES?}"
# -f: no word here is a pattern of file names, and some unit names have a backslash.
set -uf
probe_seconds=10
state=/run/atlas-site-cvmfs
export LC_ALL=C

say() { echo "atlas-site: CVMFS: $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

# By the kernel's list of mounts: to ask the path itself could hang.
mounted() { awk -v path="/cvmfs/$1" '$5 == path {found = 1} END {exit !found}' /proc/self/mountinfo; }

# Repositories that the client has mounted, for units, an automounter or an image; one name on each line.
client_mounts() { awk -v root="/cvmfs/" 'index($5, root) == 1 && / - fuse cvmfs2 / {print substr($5, length(root) + 1)}' /proc/self/mountinfo; }

# An automounter at the root would own every mount below it.
automounted() { awk '$5 == "/cvmfs" && / - autofs / {found = 1} END {exit !found}' /proc/self/mountinfo; }

# Says something once, until its subject changes.
say_once() { [ "$(cat "$state/$1" 2> /dev/null)" = "$2" ] || { mkdir -p "$state"; echo "$2" > "$state/$1"; say "$2"; }; }

# Starts a mount and does not wait for it.
mount_repository() {
  systemctl start --no-block "$(systemd-escape --path --suffix=mount "/cvmfs/$1")"
}

# One probe of a repository, by a child of its own; its result is a file in the folder: healthy or dead. While a child
# still hangs, no second one follows it.
declare -A child
probe() {
  [ -n "${child[$1]:-}" ] && kill -0 "${child[$1]}" 2> /dev/null && return
  {
    answer=$(timeout --kill-after=1 $probe_seconds ls -U "/cvmfs/$1" 2>&1) && [ -n "$answer" ] && touch "$found/$1.healthy"
    case $answer in *'Transport endpoint is not connected'*) touch "$found/$1.dead" ;; esac
  } < /dev/null > /dev/null 2>&1 &
  child[$1]=$!
}

# Whether any proxy accepts a connection.
proxy_answers() {
  local proxy
  for proxy in $PROXIES; do
    timeout 2 bash -c "exec 3<> /dev/tcp/${proxy%:*}/${proxy##*:}" 2> /dev/null && return 0
  done
  return 1
}

# Static mounts only: the client's packages and some images put an automounter at /cvmfs. It would wait for our mounts
# and they for it, and then own them all.
release_root() {
  rm -f /etc/auto.master.d/cvmfs.autofs
  [ ! -e /etc/auto.master ] || sed -i '\#^[[:space:]]*/cvmfs[[:space:]]#d' /etc/auto.master
  automounted || return 0
  timeout 60 systemctl restart autofs.service
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    automounted || { say "the image's automounter gave /cvmfs up: the repositories are mounted by units"; return 0; }
    sleep 0.5
  done
  say "an automounter holds /cvmfs and does not give it up, so the site's mounts may fail. Take its map out of the image."
}

# The client mounts a repository in any case, with the servers and keys of its package where those of the configuration
# repository are missing. So the units of the others require it, and what was mounted without it is mounted anew.
check_configuration() {
  local repository
  if ! mounted "$CONFIGURATION"; then
    # An image may show its repositories without a client.
    [ -z "$MOUNTS" ] || ! command -v mount.cvmfs > /dev/null || say_once configuration "$CONFIGURATION, with the servers and keys of all others, is not mounted; they wait for it"
    return
  fi
  [ ! -e "$state/configuration" ] || say_once configuration "$CONFIGURATION is mounted"
  command -v cvmfs_talk > /dev/null || return
  for repository in $(client_mounts); do
    [ "$repository" != "$CONFIGURATION" ] || continue
    timeout --kill-after=1 5 cvmfs_talk -i "$repository" parameters 2> /dev/null |
      grep -qE '^CVMFS_CONFIG_REPO_DEFAULT_ENV=[[:space:]]*(#|$)' || continue
    # Not lazily: what jobs have open stays with them, and the next call tries again.
    if timeout --kill-after=1 10 umount "/cvmfs/$repository"; then
      say "$repository ran without $CONFIGURATION and is mounted anew"
      [ -z "$MOUNTS" ] || mount_repository "$repository"
    else
      say_once "without-$repository" "$repository runs without $CONFIGURATION until the jobs that use it end"
    fi
  done
}

# In one call, since each that enables makes systemd read every unit again.
start() {
  [ -z "$MOUNTS" ] || release_root
  # shellcheck disable=SC2086 # lists of words
  systemctl enable --quiet $UNITS $BOOT_UNITS
  # shellcheck disable=SC2086
  systemctl start --no-block $UNITS
}

gate() {
  local deadline=$((SECONDS + $1)) ask_proxies=$((SECONDS + 5)) try_mounts=$((SECONDS + 10)) missing repository
  while :; do
    missing=''
    for repository in $REPOSITORIES; do
      [ -e "$found/$repository.healthy" ] && continue
      missing="$missing $repository"
      probe "$repository"
    done
    [ -n "$missing" ] || { say "every repository answers"; return; }
    [ $SECONDS -lt $deadline ] || break
    if [ -n "$PROXIES" ] && [ $SECONDS -ge $ask_proxies ]; then
      # The first machines of a site boot before its squids: waiting for those here would keep the cluster from growing.
      proxy_answers || { say "no proxy answers yet ($PROXIES), so this machine does not wait"; break; }
      ask_proxies=$((SECONDS + 30))
    fi
    if [ $SECONDS -ge $try_mounts ]; then
      for repository in $MOUNTS; do mounted "$repository" || mount_repository "$repository"; done
      check_configuration
      try_mounts=$((SECONDS + 10))
    fi
    sleep 0.5
  done
  say "goes on without:$missing. The node takes no jobs until its probe has seen them."
}

fix() {
  local repository kept=$MOUNTS
  check_configuration
  # With the automounter a missing mount is not wanted by any job; a dead one it would keep for ever.
  [ -n "$MOUNTS" ] || kept=$(client_mounts)
  for repository in $kept; do
    if mounted "$repository"; then probe "$repository"; else mount_repository "$repository"; fi
  done
  # A repository without its client answers immediately. A hung one is not changed: a slow network looks the same.
  sleep 2
  for repository in $kept; do
    [ -e "$found/$repository.dead" ] || continue
    say "$repository lost its client and is mounted anew"
    umount --lazy "/cvmfs/$repository"
    # The automounter does so at the next access.
    [ -z "$MOUNTS" ] || mount_repository "$repository"
  done
}

# A client that is killed leaves its cache's index to be built anew at the next start: minutes for a million files.
end() {
  local deadline=$((SECONDS + $1)) lazily=$((SECONDS + $1 / 2)) repository lazy=''
  while :; do
    # Whatever still uses a mount after half the time is killed with the machine anyway.
    [ $SECONDS -lt $lazily ] || lazy=--lazy
    for repository in $(client_mounts); do timeout --kill-after=1 5 umount ${lazy:+"$lazy"} "/cvmfs/$repository" 2> /dev/null; done
    pgrep -x cvmfs2 > /dev/null || { say "the client has closed its cache"; return; }
    [ $SECONDS -lt $deadline ] || break
    sleep 0.5
  done
  say "the client did not end within $1 s: it builds its index anew at the next start"
}

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
case ${1:-} in
  start) start ;;
  gate) gate "$2" ;;
  fix) fix ;;
  end) end "$2" ;;
  *) echo "usage: $0 start | gate SECONDS | fix | end SECONDS" >&2; exit 2 ;;
esac
