#!/bin/bash
# Makes this machine a node of the cluster. Runs once, by cloud-init; what it logs is on the console.
# An API that answers with our CA is joined; else index 0 of the control plane makes the cluster; else the machine waits
# and asks again, until its deadline.
#
# Environment:
#   DEADLINE_SECONDS   time for all of it
#   ROLE               control-plane or worker
#   MAY_INIT           yes on index 0 of the control plane, no elsewhere
#   API_ENDPOINT       host:port of the Kubernetes API
#   PEER_ENDPOINTS     host:port of the API server on every other control-plane machine
#   TOKEN_ID           public half of the pool's bootstrap token: cluster-info carries a signature by it once it is valid
#   PKI                folder of the CAs; copied to kubeadm's place before each try, since `kubeadm reset` empties that
#   INIT_CONFIG        configuration of `kubeadm init`
#   JOIN_CONFIG        configuration of `kubeadm join`
#   PATCHES            folder of kubeadm's patches
#   PREFLIGHT_IGNORED  file of the image with preflight checks that cannot pass on it, comma-separated
#   KERNEL_UNIT        unit that prepares the kernel
#   FEATURE_COMMANDS   commands of other layers, one on each line; a failure is logged and does not end the boot
: "${DEADLINE_SECONDS:?}" "${ROLE:?}" "${MAY_INIT:?}" "${API_ENDPOINT:?}" "${PEER_ENDPOINTS?}" "${TOKEN_ID:?}" "${PKI:?}" "${INIT_CONFIG:?}" "${JOIN_CONFIG:?}" "${PATCHES:?}" "${PREFLIGHT_IGNORED:?}" "${KERNEL_UNIT:?}" "${FEATURE_COMMANDS?}"
set -u
deadline=$((SECONDS + DEADLINE_SECONDS))

say() { echo "atlas-site [$(cut -d' ' -f1 /proc/uptime)s] $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

# Whether an API that our CA signed answers at one of these endpoints.
api_answers() {
  local endpoint
  for endpoint in "$@"; do
    curl -sf --max-time 3 --cacert "$PKI/ca.crt" -o /dev/null "https://$endpoint/readyz" && return 0
  done
  return 1
}

# Whether the API knows this pool's token. Joining before would only wait inside kubeadm, in steps of five seconds.
token_valid() {
  curl -sf --max-time 3 --cacert "$PKI/ca.crt" \
    "https://$API_ENDPOINT/api/v1/namespaces/kube-public/configmaps/cluster-info" | grep -q "jws-kubeconfig-$TOKEN_ID"
}

give_up() {
  say "GAVE UP: $*. kubelet's last words:"
  journalctl -u kubelet -n 20 --no-pager -o cat > /dev/console 2>&1
  exit 1
}

run_kubeadm() {
  local options=()
  [ "$ROLE" = control-plane ] && mkdir -p /etc/kubernetes/pki && cp -a "$PKI/." /etc/kubernetes/pki/
  [ -r "$PREFLIGHT_IGNORED" ] && options+=("--ignore-preflight-errors=$(cat "$PREFLIGHT_IGNORED")")
  say "kubeadm $1"
  kubeadm "$1" --config "$2" "${options[@]}" >> /var/log/atlas-site-node.log 2>&1
}

# Tries again from a clean slate until the deadline.
insist() {
  until run_kubeadm "$1" "$2"; do
    say "$1 failed: $(grep -E 'error|ERROR' /var/log/atlas-site-node.log | tail -n 1)"
    [ $SECONDS -lt $deadline ] || give_up "kubeadm $1 failed until the deadline"
    kubeadm reset --force > /dev/null 2>&1
    sleep 5
  done
}

# A cluster that exists is joined, never made anew: that would be a second one with the same name. With other
# control-plane machines about, their API gets time to answer.
cluster_exists() {
  local attempt tries=1
  [ -z "$PEER_ENDPOINTS" ] || tries=10
  for attempt in $(seq $tries); do
    # shellcheck disable=SC2086 # a list of words
    api_answers "$API_ENDPOINT" $PEER_ENDPOINTS && return 0
    [ "$attempt" = $tries ] || sleep 2
  done
  return 1
}

mkdir -p "$PATCHES"
systemctl daemon-reload
systemctl enable --now "$KERNEL_UNIT" || give_up "the kernel is not ready for a node, for the reason above"
while IFS= read -r command; do
  [ -z "$command" ] || bash -c "$command" < /dev/null || say "FAILED, and went on: $command"
done <<< "$FEATURE_COMMANDS"
systemctl enable --now atlas-site-metadata.service containerd.service || give_up "containerd did not start"
systemctl enable kubelet.service

if [ "$MAY_INIT" = yes ] && ! cluster_exists; then
  insist init "$INIT_CONFIG"
  say "made the cluster"
  exit 0
fi

say "waits for the Kubernetes API at $API_ENDPOINT"
until token_valid; do
  [ $SECONDS -lt $deadline ] || give_up "no API with our CA and our token at $API_ENDPOINT before the deadline"
  sleep 1
done
insist join "$JOIN_CONFIG"
say "joined the cluster"
