#!/bin/bash
# Prepares this machine's kernel for the kubelet: loads br_netfilter, sets our sysctls after those of the image, turns swap
# off. It checks the result: unless the kernel is as a node needs it, the unit fails, and the kubelet with it, with the
# reason on the console. Runs before the kubelet at every boot.
#
# Environment:
#   SYSCTLS  file with the kernel settings of a node
: "${SYSCTLS:?}"
set -u

fail() {
  echo "atlas-site: the kernel is not ready for a node: $*" | tee /dev/console >&2
  exit 1
}

# kubeadm no longer checks for this module, and no other program loads it.
said=$(modprobe br_netfilter 2>&1)
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] ||
  fail "no br_netfilter, without which Services and NetworkPolicies do not hold between pods of one node; fix: an image with this kernel module (modprobe: ${said:-no output})"
said=$(sysctl -q -p "$SYSCTLS" 2>&1) || fail "sysctl -p $SYSCTLS: $said"

# A flavor or an image may bring swap, and at each boot its /etc/fstab turns it on again. The kubelet does not start with it.
said=$(swapoff -a 2>&1)
left=$(awk 'NR > 1 { print $1 }' /proc/swaps | xargs)
[ -z "$left" ] || fail "swap is still on ($left); fix: a flavor and an image without swap (swapoff: ${said:-no output})"
