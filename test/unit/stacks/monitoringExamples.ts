/** Examples of the cross-checks on monitoring and accounting. */
import { pool, type Example } from "./exampleParts";

const prometheus = { mode: "prometheus", pool: "control", memoryMb: 512 };
const kuantifier = { mode: "kuantifier", siteName: "TEST-T2", hs06PerCore: 10 };
const volumes = { class: "cinder" };

/** The small site, watched from its control plane; changes of the section are laid over it. */
const watched = (changes: object = {}, more: object = {}) => ({
  storage: volumes,
  monitoring: { ...prometheus, ...changes },
  ...more,
});

/** One failing and one passing change of the small site for each. */
export const monitoringExamples: readonly Example[] = [
  {
    check: "monitoring runs on machines for services",
    fails: watched({ pool: "batch" }),
    says: ['monitoring.pool: got "batch", a pool of role batch, expected one of: control; write control'],
    passes: watched(),
  },
  {
    check: "monitoring runs on machines for services",
    fails: watched({ pool: "watchers" }, { "cloud.pools.services": pool }),
    says: ['monitoring.pool: got "watchers", which is no pool, expected one of: control, services'],
    passes: watched({ pool: "services" }, { "cloud.pools.services": pool }),
  },
  {
    check: "monitoring has volumes",
    fails: watched({}, { storage: { class: "none" } }),
    says: [
      "monitoring.mode: got prometheus, which keeps its data on a volume, and storage.class is none, " +
        "expected a storage class; write monitoring.mode: none, or give the site a storage class",
    ],
    passes: watched(),
  },
  {
    check: "Prometheus' memory fits an empty node",
    fails: watched({ memoryMb: 1815 }),
    says: [
      "monitoring.memoryMb: got 1815, and an empty node of pool control (4096 MiB) leaves 1814, expected at most 1814; " +
        "use a larger flavor, or less memory",
    ],
    passes: watched({ memoryMb: 1814 }),
  },
  {
    // No API server beside it: a GiB more, and the same daemons.
    check: "Prometheus' memory fits an empty node",
    fails: watched({ pool: "services", memoryMb: 2839 }, { "cloud.pools.services": pool }),
    says: [
      "monitoring.memoryMb: got 2839, and an empty node of pool services (4096 MiB) leaves 2838, expected at most 2838; " +
        "use a larger flavor, or less memory",
    ],
    passes: watched({ pool: "services", memoryMb: 2838 }, { "cloud.pools.services": pool }),
  },
  {
    check: "each receiver of alerts has one route",
    fails: watched({
      routes: [{ receiver: "pager", severities: ["critical"] }, { receiver: "mail" }, { receiver: "pager" }],
    }),
    says: [
      'monitoring.routes[2].receiver: got "pager", which route 0 has already, expected one route for each receiver: ' +
        "two would tell it twice; put all severities into one of them",
    ],
    passes: watched({ routes: [{ receiver: "pager", severities: ["critical", "info"] }, { receiver: "mail" }] }),
  },
  {
    check: "alerts last for two scrapes",
    fails: watched({ scrapeSeconds: 31, thresholds: { squidMinutes: 1, pendingMinutes: 1 } }),
    says: [
      "monitoring.thresholds.squidMinutes: got 1 minutes, and monitoring.scrapeSeconds is 31, expected at least 2, the " +
        "minutes of two scrapes: one that went wrong is no alert; write 2 or more, or scrape more often",
    ],
    passes: watched({ scrapeSeconds: 30, thresholds: { squidMinutes: 1 } }),
  },
  {
    check: "Prometheus keeps what accounting needs",
    fails: watched({ retentionDays: 61 }, { accounting: kuantifier }),
    says: [
      "monitoring.retentionDays: got 61, and accounting makes its records from what Prometheus keeps, expected at least " +
        "62: a month, and the one after it in which records are corrected; write 62 or more",
    ],
    passes: watched({ retentionDays: 62 }, { accounting: kuantifier }),
  },
  {
    check: "Prometheus keeps what accounting needs",
    fails: watched({ retentionDays: 1 }, { accounting: kuantifier }),
    says: [
      "monitoring.retentionDays: got 1, and accounting makes its records from what Prometheus keeps, expected at least " +
        "62: a month, and the one after it in which records are corrected; write 62 or more",
    ],
    passes: watched({ retentionDays: 1 }),
  },
  {
    check: "accounting has a source",
    fails: { accounting: kuantifier },
    says: [
      "accounting.mode: got kuantifier, which reads Prometheus, and monitoring.mode is none, expected a site that is " +
        "monitored; write accounting.mode: none, or have the site monitored",
    ],
    passes: watched({}, { accounting: kuantifier }),
  },
];
