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
#   fix          mounts what is missing, and anew what lost its client; a timer calls it
# No file names are meant by any word here; some unit names hold a backslash.
set -uf
repositories='${words(watch.repositories)}'
mounts='${words(watch.mounts)}'
units='${words(watch.units)}'
at_boot='${words(watch.atBoot)}'
proxies='${words(watch.proxies)}'
look_seconds=10
export LC_ALL=C

say() { echo "atlas-site: CVMFS: $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

# By the kernel's list of mounts: to ask the path itself could hang.
mounted() { awk -v path="${CVMFS_ROOT}/$1" '$5 == path {found = 1} END {exit !found}' /proc/self/mountinfo; }

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

# All at once: each call that enables has systemd read every unit again.
start() {
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
      try_mounts=$((SECONDS + 10))
    fi
    sleep 0.5
  done
  say "goes on without:$missing. The node takes no jobs until its probe has seen them."
}

fix() {
  local repository round
  for repository in $mounts; do
    if mounted "$repository"; then look "$repository"; else mount_repository "$repository"; fi
  done
  # Who lost its client answers at once; who hangs is left alone, since a slow network looks just the same.
  sleep 2
  for repository in $mounts; do
    [ -e "$found/$repository.dead" ] || continue
    say "$repository lost its client and is mounted anew"
    umount --lazy "${CVMFS_ROOT}/$repository"
    mount_repository "$repository"
  done
}

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
case \${1:-} in
  start) start ;;
  gate) gate "$2" ;;
  fix) fix ;;
  *) echo "usage: $0 start | gate SECONDS | fix" >&2; exit 2 ;;
esac
`;
}
