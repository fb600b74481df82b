import { spawnSync } from "node:child_process";
import { exec } from "./namespace";

/**
 * Debian packages of the lab. The `python3-*` and `*-common` ones hold OpenStack's code; `nova-api` and its like would
 * only add init scripts and questions.
 */
export const packages: readonly string[] = [
  ...["mariadb-server", "rabbitmq-server", "memcached", "uwsgi-core", "uwsgi-plugin-python3"],
  ...["python3-keystone", "python3-placement", "placement-common", "python3-glance", "glance-common"],
  ...["python3-nova", "nova-common", "python3-neutron", "neutron-common"],
  ...["python3-octavia", "octavia-common", "python3-magnum", "magnum-common"],
  ...[
    "python3-openstackclient",
    "python3-octaviaclient",
    "python3-magnumclient",
    "python3-pymysql",
    "python3-memcache",
  ],
  ...["systemd-container", "iproute2", "iptables", "nftables", "util-linux", "curl"],
  // The engine tests run the squids' configuration in it; on machines of the lab squid comes in its image.
  "squid",
];

/** Commands the lab calls; one that is still missing after the installation makes the preflight refuse. */
export const commands: readonly string[] = [
  ...["ip", "iptables", "nft", "nsenter", "cp", "mount", "umount", "systemd-nspawn", "curl"],
  ...["mariadbd", "mariadb", "mariadb-install-db", "memcached", "uwsgi-core"],
  ...["keystone-manage", "placement-manage", "glance-manage", "nova-manage", "neutron-db-manage"],
  ...["octavia-db-manage", "magnum-db-manage", "magnum-conductor"],
];

/** Installed packages of the list, as `name=version`. */
export function installedPackages(): string[] {
  const format = "${db:Status-Status} ${Package}=${Version}\n";
  const query = spawnSync("dpkg-query", ["-W", "-f", format, ...packages], { encoding: "utf8" });
  return (query.stdout ?? "")
    .split("\n")
    .filter((line) => line.startsWith("installed "))
    .map((line) => line.slice("installed ".length));
}

/** Packages of the list that are not installed. */
export function missingPackages(installed: readonly string[] = installedPackages()): string[] {
  const have = new Set(installed.map((entry) => entry.split("=")[0]));
  return packages.filter((name) => !have.has(name));
}

/**
 * Installs what is missing. The packages' own services are kept from starting: the lab runs its own copies inside its
 * namespace, and a broker or database on the host's addresses is nobody's wish.
 *
 * @throws with apt's last lines
 */
export async function installPackages(missing: readonly string[], log: (line: string) => void): Promise<void> {
  log(`installing ${missing.length} Debian packages and what they need (about two minutes)`);
  const env = { DEBIAN_FRONTEND: "noninteractive", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
  // dpkg asks policy-rc.d before it starts a service; where the host has none, ours says no for the time of the install.
  const script = `
    set -e
    f=$(mktemp); printf '#!/bin/sh\\nexit 101\\n' > $f; chmod 755 $f
    [ -e /usr/sbin/policy-rc.d ] || { cp $f /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
    rm -f $f
    apt-get -q update || echo "apt-get update failed; trying with the lists at hand" >&2
    apt-get -q -y install --no-install-recommends "$@"
  `;
  const done = await exec("sh", ["-c", script, "sh", ...missing], { env, timeoutMs: 1_800_000 });
  if (done.code !== 0) {
    const said = (done.stdout + done.stderr).trim().split("\n").slice(-15).join("\n");
    throw new Error(`lab: apt-get could not install ${missing.join(" ")}: exit ${done.code}\n${said}`);
  }
}
