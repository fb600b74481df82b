#!/bin/bash
# Installs the CVMFS client from CERN's package repository. Runs once, before this machine becomes a node; what it logs is
# on the console. It takes exactly the version that the site names, refuses keys that it does not know, holds the packages
# against the machine's own upgrades, and tries again where a network can fail.
#
# Environment:
#   VERSION       version of the client, e.g. 2.13.3
#   REPOSITORY    URL of the package repository
#   FINGERPRINTS  fingerprints of its signing keys, a list of words
#   PACKAGES      packages beside client and its configuration, a list of words
: "${VERSION:?}" "${REPOSITORY:?}" "${FINGERPRINTS:?}" "${PACKAGES?}"
set -u
keyring=/etc/apt/keyrings/cernvm.gpg
log=/var/log/atlas-site-node.log
export DEBIAN_FRONTEND=noninteractive

say() { echo "atlas-site: CVMFS client: $*" | tee -a $log > /dev/console; }

give_up() {
  say "GAVE UP: $*; this node takes no jobs"
  exit 1
}

# Mirrors and name servers fail for a minute now and then.
insist() {
  local try
  for try in 1 2 3 4 5; do
    "$@" >> $log 2>&1 && return 0
    [ $try = 5 ] || sleep $((try * 5))
  done
  return 1
}

# Another program of the first boot may hold apt's lock; a file that is there already (our own) stays as it is.
apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}

# Every key of the keyring must be one of CernVM's, by the fingerprints in its documentation.
known_keys() {
  local seen
  seen=$(gpg --batch --show-keys --with-colons $keyring | awk -F: '$1 == "pub" {primary = 1} $1 == "fpr" && primary {print $10; primary = 0}')
  [ -n "$seen" ] && ! grep -qvxE "${FINGERPRINTS// /|}" <<< "$seen"
}

# Version of a package that belongs to the wanted release, e.g. 2.13.3~1+debian12.
packaged_as() {
  apt-cache madison "$1" | awk -F' *[|] *' -v want="$VERSION" \
    'index($2, want) == 1 && substr($2, length(want) + 1, 1) !~ /[0-9.]/ {print $2; exit}'
}

if cvmfs2 --version 2> /dev/null | grep -qF "$VERSION"; then
  say "$VERSION is there already"
else
  command -v gpg > /dev/null || { insist apt update && insist apt install --no-install-recommends gpg; } ||
    give_up "no gpg to judge the repository's keys by"
  mkdir -p /etc/apt/keyrings
  insist curl -sSf --max-time 30 -o $keyring "$REPOSITORY/cernvm.gpg" || give_up "no keys from $REPOSITORY"
  known_keys || { rm -f $keyring; give_up "the repository's keys are not CernVM's"; }
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  echo "deb [signed-by=$keyring] $REPOSITORY $codename-prod main" > /etc/apt/sources.list.d/cernvm.list
  insist apt update || give_up "apt update failed, see $log"

  wanted=(cvmfs-config-default)
  for package in cvmfs cvmfs-libs cvmfs-fuse3 $PACKAGES; do
    packaged=$(packaged_as "$package")
    [ -n "$packaged" ] && wanted+=("$package=$packaged")
  done
  [ -n "$(packaged_as cvmfs)" ] ||
    give_up "no cvmfs $VERSION for $codename; there are $(apt-cache madison cvmfs | awk -F' *[|] *' '{print $2}' | xargs)"
  insist apt install "${wanted[@]}" || give_up "apt install failed, see $log"
  # An upgrade under running jobs would reload or break their mounts; a new version comes with a new machine.
  apt-mark hold "${wanted[@]%%=*}" >> $log 2>&1
  say "installed ${wanted[*]}"
fi
