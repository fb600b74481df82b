/** Whether Prometheus finds its place, keeps enough for accounting, and tells whom it should. */
import { capabilities } from "../../../components/cluster/capabilities";
import { allocatable } from "../../../components/cluster/capacity";
import { daemons } from "../../../components/features/features";
import type { Problem } from "../problem";
import type { Monitoring, Site } from "../site";
import { poolCheck, when, type Check, type NodePools } from "./check";

/** Days of an accounting period, and of the month after it in which records are corrected. */
const ACCOUNTING_DAYS = 62;

/** MiB that a control plane's own programs need beside what is reserved: an estimate from kubeadm's on small clusters. */
const CONTROL_PLANE_MB = 1024;

/** The section, where the site is monitored. */
function watched({ monitoring }: Site): Monitoring[] {
  return monitoring.mode === "none" ? [] : [monitoring];
}

function runsOnServices(pools: NodePools, site: Site): Problem[] {
  const allowed = pools.filter(([, { role }]) => role !== "batch").map(([name]) => name);
  return watched(site)
    .filter(({ pool }) => !allowed.includes(pool))
    .map(({ pool: name }) => {
      const role = pools.find(([pool]) => pool === name)?.[1].role;
      return {
        path: ["monitoring", "pool"],
        seen: role === undefined ? `got "${name}", which is no pool` : `got "${name}", a pool of role ${role}`,
        expected: `one of: ${allowed.join(", ")}`,
        fix: allowed.length === 1 ? `write ${allowed[0]}` : undefined,
      };
    });
}

function hasVolume(site: Site): Problem[] {
  return watched(site).flatMap(() =>
    when(site.storage.class === "none", {
      path: ["monitoring", "mode"],
      seen: "got prometheus, which keeps its data on a volume, and storage.class is none",
      expected: "a storage class",
      fix: "write monitoring.mode: none, or give the site a storage class",
    }),
  );
}

/** Less is requested than a machine has left, or Prometheus waits for a machine for ever. */
function memoryFits(site: Site): Problem[] {
  const { nodePools, nodes } = capabilities(site);
  return watched(site).flatMap(({ pool: name, memoryMb }) => {
    const pool = nodePools?.[name];
    if (pool === undefined || nodes === undefined) {
      return [];
    }
    const left = allocatable(pool.flavor, nodes.reserved, daemons(site)).memoryMb;
    const most = Math.max(0, left - (pool.role === "control-plane" ? CONTROL_PLANE_MB : 0));
    return when(memoryMb > most, {
      path: ["monitoring", "memoryMb"],
      seen: `got ${memoryMb}, and an empty node of pool ${name} (${pool.flavor.ramMb} MiB) leaves ${most}`,
      expected: `at most ${most}`,
      fix: "use a larger flavor, or less memory",
    });
  });
}

function receiversOnce(site: Site): Problem[] {
  return watched(site).flatMap(({ routes }) => {
    const names = routes.map(({ receiver }) => receiver);
    return names.flatMap((receiver, i) =>
      when(names.indexOf(receiver) !== i, {
        path: ["monitoring", "routes", i, "receiver"],
        seen: `got "${receiver}", which route ${names.indexOf(receiver)} has already`,
        expected: "one route for each receiver: two would tell it twice",
        fix: "put all severities into one of them",
      }),
    );
  });
}

/** Thresholds that say how long something must last; others are ages that are compared, whatever the time between scrapes. */
const LASTING = [
  "wallclockMinutes",
  "strandedMinutes",
  "jobFailureMinutes",
  "startingMinutes",
  "nodeMinutes",
  "cvmfsMinutes",
  "squidMinutes",
] as const;

function alertsSeenTwice(site: Site): Problem[] {
  return watched(site).flatMap(({ thresholds, scrapeSeconds }) => {
    const least = Math.ceil((2 * scrapeSeconds) / 60);
    return LASTING.flatMap((key) =>
      when(thresholds[key] < least, {
        path: ["monitoring", "thresholds", key],
        seen: `got ${thresholds[key]} minutes, and monitoring.scrapeSeconds is ${scrapeSeconds}`,
        expected: `at least ${least}, the minutes of two scrapes: one that went wrong is no alert`,
        fix: `write ${least} or more, or scrape more often`,
      }),
    );
  });
}

function keptForAccounting(site: Site): Problem[] {
  return watched(site).flatMap(({ retentionDays }) =>
    when(site.accounting.mode !== "none" && retentionDays < ACCOUNTING_DAYS, {
      path: ["monitoring", "retentionDays"],
      seen: `got ${retentionDays}, and accounting makes its records from what Prometheus keeps`,
      expected: `at least ${ACCOUNTING_DAYS}: a month, and the one after it in which records are corrected`,
      fix: `write ${ACCOUNTING_DAYS} or more`,
    }),
  );
}

function accountingHasSource({ accounting, monitoring }: Site): Problem[] {
  return when(accounting.mode !== "none" && monitoring.mode === "none", {
    path: ["accounting", "mode"],
    seen: `got ${accounting.mode}, which reads Prometheus, and monitoring.mode is none`,
    expected: "a site that is monitored",
    fix: "write accounting.mode: none, or have the site monitored",
  });
}

/** Checks on monitoring. */
export const monitoringChecks: readonly Check[] = [
  poolCheck(
    "monitoring runs on machines for services",
    ["monitoring.mode", "monitoring.pool", "cloud.pools.*.role", "cluster.pools.*.role"],
    runsOnServices,
  ),
  { title: "monitoring has volumes", needs: ["monitoring.mode", "storage.class"], run: hasVolume },
  {
    title: "Prometheus' memory fits an empty node",
    needs: [
      ...["monitoring.mode", "monitoring.pool", "monitoring.memoryMb", "logs.mode", "cvmfs.mode"],
      ...["cluster.provisioner", "cluster.reserved.**", "network.plugin", "network.policyEngine"],
      ...["cloud.pools.*.role", "cluster.pools.*.role", "cloud.pools.*.flavor.**"],
    ],
    run: memoryFits,
  },
  {
    title: "each receiver of alerts has one route",
    needs: ["monitoring.mode", "monitoring.routes.**"],
    run: receiversOnce,
  },
  {
    title: "alerts last for two scrapes",
    needs: ["monitoring.mode", "monitoring.scrapeSeconds", "monitoring.thresholds.**"],
    run: alertsSeenTwice,
  },
  {
    title: "Prometheus keeps what accounting needs",
    needs: ["monitoring.mode", "monitoring.retentionDays", "accounting.mode"],
    run: keptForAccounting,
  },
  { title: "accounting has a source", needs: ["monitoring.mode", "accounting.mode"], run: accountingHasSource },
];
