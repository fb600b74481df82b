/** The squids' configuration file, as a text. */
import type { Squid } from "../../stacks/site/site";
import { SQUID_PORT } from "./names";
import { cacheMegabytes, MEMORY_OBJECT_KB, SHUTDOWN_SECONDS, SNMP_PORT, type SquidSite } from "./squidPlan";

/** Where the squids' files are in their pods. */
export const SQUID_FILES = {
  configuration: "/etc/atlas-site/squid.conf",
  cache: "/var/spool/squid",
} as const;

/** Ports of stratum ones and Frontier launchpads. */
export const ORIGIN_PORTS: readonly number[] = [80, 8000, 8080];

/** Where the machine network is unknown: nodes have private addresses. */
const PRIVATE_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Configuration of a squid of this site; all replicas have the same. */
export function squidConfiguration(site: SquidSite, squid: Squid): string {
  return [
    "# Written by atlas-site from the site's section cvmfs.squid.",
    ...serving(site, squid),
    "",
    ...access(site, squid),
    "",
    ...monitoring(squid),
    "",
  ].join("\n");
}

function serving(site: SquidSite, squid: Squid): string[] {
  // The exporter asks for counters several times at each scrape.
  const worthALine = site.monitored ? "with_request !manager" : "with_request";
  return [
    `http_port ${SQUID_PORT}`,
    "visible_hostname squid",
    "",
    "# Many nodes ask for the same file at once: one fetch serves them all.",
    "collapsed_forwarding on",
    "# CVMFS' catalogs are valid for a minute or so and must be asked for again when that is over, not later.",
    "minimum_expiry_time 0 seconds",
    "maximum_object_size 1024 MB",
    `cache_mem ${squid.memoryMb} MB`,
    `maximum_object_size_in_memory ${MEMORY_OBJECT_KB} KB`,
    `cache_dir aufs ${SQUID_FILES.cache} ${cacheMegabytes(squid)} 16 256`,
    "",
    "# One process, which never was root.",
    "memory_cache_shared off",
    "pinger_enable off",
    "pid_filename none",
    "coredump_dir none",
    "max_filedescriptors 16384",
    `shutdown_lifetime ${SHUTDOWN_SECONDS} seconds`,
    "",
    "# What the kubelet's probes leave behind, connections without a request, is not worth a line.",
    "acl with_request has request",
    `access_log stdio:/dev/stdout squid ${worthALine}`,
    "cache_log /dev/stderr",
    "cache_store_log none",
    "logfile_rotate 0",
  ];
}

function access(site: SquidSite, squid: Squid): string[] {
  const { machineNetwork } = site.capabilities;
  const machines = machineNetwork === undefined ? PRIVATE_NETWORKS : [machineNetwork];
  return [
    `acl pods src ${site.network.podCidr}`,
    `acl machines src ${machines.join(" ")}`,
    `acl origin_ports port ${ORIGIN_PORTS.join(" ")}`,
    "# -n: the name in the request counts, not what a name service says of an address.",
    ...squid.destinations.map((domain) => `acl origins dstdomain -n ${domain}`),
    "",
    "http_access allow localhost manager",
    "http_access deny manager",
    "http_access deny !pods !machines",
    "# Tunnels cannot be cached and lead anywhere.",
    "http_access deny CONNECT",
    "http_access deny !origin_ports",
    "http_access allow origins",
    "http_access deny all",
    "",
    "# What squid tells of itself it would keep like any file, and show the same counters for ever.",
    "cache deny manager",
  ];
}

function monitoring(squid: Squid): string[] {
  if (squid.snmpCidrs.length === 0) {
    return ["snmp_port 0"];
  }
  return [
    `snmp_port ${SNMP_PORT}`,
    "acl public_community snmp_community public",
    `acl snmp_readers src ${squid.snmpCidrs.join(" ")}`,
    "snmp_access allow public_community snmp_readers",
    "snmp_access deny all",
  ];
}
