/** The program that looks after a machine's repositories: at the first boot, and then whenever its timer calls. */
import { CVMFS_ROOT } from "../names";

/** Where the program lies on a machine. */
export const WATCH_SCRIPT = "/usr/local/sbin/atlas-site-cvmfs";

/** What the program is to know. */
export interface Watch {
  /** Repositories every batch node must offer. */
  readonly repositories: readonly string[];
  /** Repositories with a mount unit, in the order they are mounted; none with the automounter. */
  readonly mounts: readonly string[];
  /** Repository that holds servers and keys of the others; the client reads it whenever it mounts one of them. */
  readonly configuration: string;
  /** What `start` enables and starts: mount units and timer, or the automounter. */
  readonly units: readonly string[];
  /** What `start` enables for later boots only. */
  readonly atBoot: readonly string[];
  /** `host:port` of every proxy; empty: the client goes to the servers directly. */
  readonly proxies: readonly string[];
}

/**
 * The program. It never touches a repository itself: each look is a child's, since a reader of a hung client may not even
 * be killable.
 */
export function watchScript(watch: Watch): string {
  const words = (list: readonly string[]) => list.join(" ");
  return `#!/bin/bash
# Looks after this machine's CVMFS repositories.
#   start         has them mounted, now and at every boot
#   gate SECONDS  waits until every repository answers, then goes on in any case
#   fix           mounts what is missing, and anew what lost its client or runs without the configuration; a timer calls it
#   end SECONDS   at shutdown: unmounts, and waits until the client has closed its cache
# No file names are meant by any word here; some unit names hold a backslash.
set -uf
repositories='${words(watch.repositories)}'
mounts='${words(watch.mounts)}'
units='${words(watch.units)}'
at_boot='${words(watch.atBoot)}'
proxies='${words(watch.proxies)}'
configuration='${watch.configuration}'
look_seconds=10
state=/run/atlas-site-cvmfs
export LC_ALL=C

say() { echo "atlas-site: CVMFS: $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

# By the kernel's list of mounts: to ask the path itself could hang.
mounted() { awk -v path="${CVMFS_ROOT}/$1" '$5 == path {found = 1} END {exit !found}' /proc/self/mountinfo; }

# What the client has mounted, whoever asked it to; the name of a repository a line.
client_mounts() { awk -v root="${CVMFS_ROOT}/" 'index($5, root) == 1 && / - fuse cvmfs2 / {print substr($5, length(root) + 1)}' /proc/self/mountinfo; }

# An automounter at the root would own every mount below it.
automounted() { awk '$5 == "${CVMFS_ROOT}" && / - autofs / {found = 1} END {exit !found}' /proc/self/mountinfo; }

# Says something once, until its subject changes.
say_once() { [ "$(cat "$state/$1" 2> /dev/null)" = "$2" ] || { mkdir -p "$state"; echo "$2" > "$state/$1"; say "$2"; }; }

# Starts a mount and does not wait for it.
mount_repository() {
  systemctl start --no-block "$(systemd-escape --path --suffix=mount "${CVMFS_ROOT}/$1")"
}

# One look at a repository, by a child of its own; what it finds it leaves in the folder: well or dead. While a child
# still hangs, no second one follows it.
declare -A child
look() {
  [ -n "\${child[$1]:-}" ] && kill -0 "\${child[$1]}" 2> /dev/null && return
  {
    answer=$(timeout --kill-after=1 $look_seconds ls -U "${CVMFS_ROOT}/$1" 2>&1) && [ -n "$answer" ] && touch "$found/$1.well"
    case $answer in *'Transport endpoint is not connected'*) touch "$found/$1.dead" ;; esac
  } < /dev/null > /dev/null 2>&1 &
  child[$1]=$!
}

# Does any proxy take a connection?
proxy_answers() {
  local proxy
  for proxy in $proxies; do
    timeout 2 bash -c "exec 3<> /dev/tcp/\${proxy%:*}/\${proxy##*:}" 2> /dev/null && return 0
  done
  return 1
}

# Static mounts only: the client's packages and some images put an automounter at ${CVMFS_ROOT}. It would wait for our mounts
# and they for it, and then own them all.
release_root() {
  local try
  rm -f /etc/auto.master.d/cvmfs.autofs
  [ ! -e /etc/auto.master ] || sed -i '\\#^[[:space:]]*${CVMFS_ROOT}[[:space:]]#d' /etc/auto.master
  automounted || return 0
  timeout 60 systemctl restart autofs.service
  for try in 1 2 3 4 5 6 7 8 9 10; do
    automounted || { say "the image's automounter gave ${CVMFS_ROOT} up: the repositories are mounted by units"; return 0; }
    sleep 0.5
  done
  say "an automounter holds ${CVMFS_ROOT} and does not give it up, so the site's mounts may fail. Take its map out of the image."
}

# The client mounts a repository in any case, with the servers and keys of its package where those of the configuration
# repository are missing. So the units of the others require it, and what was mounted without it is mounted anew.
check_configuration() {
  local repository
  if ! mounted "$configuration"; then
    # An image may show its repositories without a client.
    [ -z "$mounts" ] || ! command -v mount.cvmfs > /dev/null || say_once configuration "$configuration, with the servers and keys of all others, is not mounted; they wait for it"
    return
  fi
  [ ! -e "$state/configuration" ] || say_once configuration "$configuration is mounted"
  command -v cvmfs_talk > /dev/null || return
  for repository in $(client_mounts); do
    [ "$repository" != "$configuration" ] || continue
    timeout --kill-after=1 5 cvmfs_talk -i "$repository" parameters 2> /dev/null |
      grep -qE '^CVMFS_CONFIG_REPO_DEFAULT_ENV=[[:space:]]*(#|$)' || continue
    # Not lazily: what jobs have open stays with them, and the next call tries again.
    if timeout --kill-after=1 10 umount "${CVMFS_ROOT}/$repository"; then
      say "$repository ran without $configuration and is mounted anew"
      [ -z "$mounts" ] || mount_repository "$repository"
    else
      say_once "without-$repository" "$repository runs without $configuration until the jobs that use it end"
    fi
  done
}

# All at once: each call that enables has systemd read every unit again.
start() {
  [ -z "$mounts" ] || release_root
  systemctl enable --quiet $units $at_boot
  systemctl start --no-block $units
}

gate() {
  local deadline=$((SECONDS + $1)) ask_proxies=$((SECONDS + 5)) try_mounts=$((SECONDS + 10)) missing repository
  while :; do
    missing=''
    for repository in $repositories; do
      [ -e "$found/$repository.well" ] && continue
      missing="$missing $repository"
      look "$repository"
    done
    [ -n "$missing" ] || { say "every repository answers"; return; }
    [ $SECONDS -lt $deadline ] || break
    if [ -n "$proxies" ] && [ $SECONDS -ge $ask_proxies ]; then
      # The first machines of a site come before its squids: to wait for those here would keep the cluster from growing.
      proxy_answers || { say "no proxy answers yet ($proxies), so this machine does not wait"; break; }
      ask_proxies=$((SECONDS + 30))
    fi
    if [ $SECONDS -ge $try_mounts ]; then
      for repository in $mounts; do mounted "$repository" || mount_repository "$repository"; done
      check_configuration
      try_mounts=$((SECONDS + 10))
    fi
    sleep 0.5
  done
  say "goes on without:$missing. The node takes no jobs until its probe has seen them."
}

fix() {
  local repository kept=$mounts
  check_configuration
  # With the automounter a mount that is missing is nobody's wish; a dead one it would keep for ever.
  [ -n "$mounts" ] || kept=$(client_mounts)
  for repository in $kept; do
    if mounted "$repository"; then look "$repository"; else mount_repository "$repository"; fi
  done
  # A repository without its client answers immediately. A hung one is not changed: a slow network looks the same.
  sleep 2
  for repository in $kept; do
    [ -e "$found/$repository.dead" ] || continue
    say "$repository lost its client and is mounted anew"
    umount --lazy "${CVMFS_ROOT}/$repository"
    # The automounter does so at the next access.
    [ -z "$mounts" ] || mount_repository "$repository"
  done
}

# A client that is killed leaves its cache's index to be built anew at the next start: minutes for a million files.
end() {
  local deadline=$((SECONDS + $1)) lazily=$((SECONDS + $1 / 2)) repository lazy=''
  while :; do
    # Whatever still uses a mount after half the time is killed with the machine anyway.
    [ $SECONDS -lt $lazily ] || lazy=--lazy
    for repository in $(client_mounts); do timeout --kill-after=1 5 umount $lazy "${CVMFS_ROOT}/$repository" 2> /dev/null; done
    pgrep -x cvmfs2 > /dev/null || { say "the client has closed its cache"; return; }
    [ $SECONDS -lt $deadline ] || break
    sleep 0.5
  done
  say "the client did not end within $1 s: it builds its index anew at the next start"
}

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
case \${1:-} in
  start) start ;;
  gate) gate "$2" ;;
  fix) fix ;;
  end) end "$2" ;;
  *) echo "usage: $0 start | gate SECONDS | fix | end SECONDS" >&2; exit 2 ;;
esac
`;
}
