/** Cases of the alerts on nodes, CVMFS and squids, on the small site. */
import { fires, growing, quiet, steady, turns, type AlertCase, type Scraped } from "./ruleCase";
import { named, node } from "./scraped";
import { squidCases } from "./squidCases";

const first = "hosting-batch-0";
const second = "hosting-batch-1";

/** The site's five machines, of which the named one is not Ready from a minute on. */
function machines(away?: string, minute = 1): Scraped {
  const names = [first, second, "hosting-services-0", "hosting-services-1", "hosting-control-0"];
  return Object.assign({}, ...names.map((name) => node(name, name === away ? { ready: turns(1, minute, 0) } : {})), {
    [named("kube_node_role", { node: "hosting-control-0", role: "control-plane" })]: steady(1),
  }) as Scraped;
}

function condition(name: string, value: string): Scraped {
  return { [named("kube_node_status_condition", { node: first, condition: name, status: "true" })]: value };
}

const evicted = (signal: string) =>
  named("kubelet_evictions", { job: "kubelet", node: first, eviction_signal: signal });
const up = (job: string, on: string, value = steady(1)): Scraped => ({ [named("up", { job, node: on })]: value });
const probe = (metric: string, on: string, value: string, repository?: string): Scraped => ({
  [named(`atlas_site_cvmfs_${metric}`, {
    job: "cvmfs-probe",
    node: on,
    ...(repository === undefined ? {} : { repository }),
  })]: value,
});
const inSync = (value: number) => probe("taint_in_sync", first, steady(value));
const ATLAS = "atlas.cern.ch";
const taint = (key: string, value: string): Scraped => ({
  [named("kube_node_spec_taint", { node: first, key, value: "", effect: "NoSchedule" })]: value,
});

const nodeCases: readonly AlertCase[] = [
  fires("KubeNodeNotReady", "warning", "away from minute 5 on", 16, [{ node: first }], machines(first, 5)),
  quiet("KubeNodeNotReady", "warning", "a reboot of nine minutes", 14, machines(first, 5)),
  fires("NodesNotReady", "critical", "one of five is 20 %", 16, [{}], machines(first, 5)),
  quiet("NodesNotReady", "critical", "all are Ready", 60, machines()),
  fires(
    "KubeNodeReadinessFlapping",
    "warning",
    "twice away and back",
    40,
    [{ node: first }],
    node(first, { ready: "1x5 0x5 1x5 0x5 1x60" }),
  ),
  quiet("KubeNodeReadinessFlapping", "warning", "once away and back", 40, node(first, { ready: "1x5 0x5 1x60" })),
  fires("NodesMissing", "warning", "one of the two batch machines did not join", 31, [{ pool: "batch" }], {
    ...machines(),
    ...Object.fromEntries(Object.keys(node(second)).map((series) => [series, "_x60"])),
  }),
  quiet("NodesMissing", "warning", "all joined", 60, machines()),
  quiet("NodesMissing", "warning", "machines may take half an hour", 29, node(first)),
  fires("NodeCordoned", "info", "for a day", 1441, [{ node: first }], node(first, { cordoned: steady(1) })),
  quiet("NodeCordoned", "info", "for less than a day", 1439, node(first, { cordoned: steady(1) })),
  fires(
    "KubeNodePressure",
    "warning",
    "its disk is full",
    11,
    [{ node: first, condition: "DiskPressure" }],
    condition("DiskPressure", steady(1)),
  ),
  quiet("KubeNodePressure", "warning", "it is well", 60, condition("DiskPressure", steady(0)), machines()),
  fires(
    "KubeNodeEviction",
    "warning",
    "one pod was put out",
    12,
    [{ node: first, eviction_signal: "nodefs.available" }],
    {
      [evicted("nodefs.available")]: "0x10 1x60",
    },
  ),
  fires(
    "KubeNodeEviction",
    "warning",
    "the first pod since the kubelet started: until then it has no such counter",
    13,
    [{ node: first, eviction_signal: "memory.available" }],
    { ...up("kubelet", first), [evicted("memory.available")]: "_x10 1x*" },
  ),
  quiet("KubeNodeEviction", "warning", "that first one was ten minutes ago", 22, {
    ...up("kubelet", first),
    [evicted("memory.available")]: "_x10 1x*",
  }),
  quiet("KubeNodeEviction", "warning", "Prometheus was away, and what it finds is old", 13, {
    ...up("kubelet", first, "1x2 _x8 1x*"),
    [evicted("memory.available")]: "_x10 1x*",
  }),
  quiet("KubeNodeEviction", "warning", "that was ten minutes ago", 20, {
    [evicted("nodefs.available")]: "0x10 1x60",
  }),
  fires("NodeClockNotSynchronising", "warning", "31 seconds ahead", 11, [{ node: first }], {
    [named("node_time_seconds", { node: first })]: growing(60, 31),
  }),
  quiet("NodeClockNotSynchronising", "warning", "30 seconds behind", 60, {
    [named("node_time_seconds", { node: first })]: growing(60, -30),
  }),
];

/** Of 100 bytes so many are free. */
function cacheVolume(on: string, free: number, mountpoint = "/var/lib/cvmfs"): Scraped {
  const volume = { job: "node-exporter", node: on, device: "/dev/vdb", fstype: "ext4", mountpoint };
  return {
    [named("node_filesystem_avail_bytes", volume)]: steady(free),
    [named("node_filesystem_size_bytes", volume)]: steady(100),
  };
}

const cvmfsCases: readonly AlertCase[] = [
  fires(
    "CvmfsRepositoryUnreadable",
    "warning",
    "it hangs on one node",
    8,
    [{ node: first, repository: ATLAS }],
    probe("repository_up", first, turns(1, 2, 0), ATLAS),
    probe("repository_up", second, steady(1), ATLAS),
  ),
  quiet(
    "CvmfsRepositoryUnreadable",
    "warning",
    "not for five minutes yet",
    6,
    probe("repository_up", first, turns(1, 2, 0), ATLAS),
  ),
  fires(
    "CvmfsRepositoryUnreadable",
    "critical",
    "on one of two nodes",
    8,
    [{ repository: ATLAS }],
    probe("repository_up", first, turns(1, 2, 0), ATLAS),
    probe("repository_up", second, steady(1), ATLAS),
  ),
  quiet(
    "CvmfsRepositoryUnreadable",
    "critical",
    "on one of twenty, which is not over 5 %",
    60,
    probe("repository_up", first, steady(0), ATLAS),
    ...Array.from({ length: 19 }, (_, index) => probe("repository_up", `well-${index}`, steady(1), ATLAS)),
  ),
  fires(
    "CvmfsFetchFailing",
    "warning",
    "a node reads only its cache, which repository_up cannot show",
    8,
    [{ node: first, repository: ATLAS }],
    probe("repository_up", first, steady(1), ATLAS),
    probe("fetch_up", first, turns(1, 2, 0), ATLAS),
    probe("fetch_up", second, steady(1), ATLAS),
  ),
  quiet("CvmfsFetchFailing", "warning", "not for five minutes yet", 6, probe("fetch_up", first, turns(1, 2, 0), ATLAS)),
  quiet("CvmfsFetchFailing", "warning", "nothing was fetched yet", 60, probe("repository_up", first, steady(1), ATLAS)),
  fires(
    "CvmfsFetchFailing",
    "critical",
    "every origin is gone: both nodes",
    8,
    [{ repository: ATLAS }],
    probe("fetch_up", first, turns(1, 2, 0), ATLAS),
    probe("fetch_up", second, turns(1, 2, 0), ATLAS),
  ),
  quiet(
    "CvmfsFetchFailing",
    "critical",
    "on one of twenty, which is not over 5 %",
    60,
    probe("fetch_up", first, steady(0), ATLAS),
    ...Array.from({ length: 19 }, (_, index) => probe("fetch_up", `well-${index}`, steady(1), ATLAS)),
  ),
  fires(
    "CvmfsRepositoryStale",
    "warning",
    "seven hours behind the other node",
    31,
    [{ node: first, repository: ATLAS }],
    probe("last_update_age_seconds", first, steady(25_300), ATLAS),
    probe("last_update_age_seconds", second, steady(100), ATLAS),
  ),
  quiet(
    "CvmfsRepositoryStale",
    "warning",
    "a repository that nobody has changed for a week is the same everywhere",
    60,
    probe("last_update_age_seconds", first, steady(604_800), ATLAS),
    probe("last_update_age_seconds", second, steady(604_800), ATLAS),
  ),
  fires(
    "CvmfsProbeMissing",
    "warning",
    "no probe on one node, on the other it does not answer",
    6,
    [{ node: first }, { node: second }],
    machines(),
    up("cvmfs-probe", second, steady(0)),
  ),
  quiet(
    "CvmfsProbeMissing",
    "warning",
    "a node that is away, and one with a probe; others need none",
    60,
    machines(first),
    up("cvmfs-probe", second),
  ),
  fires(
    "CvmfsNodeTainted",
    "warning",
    "since it registered",
    11,
    [{ node: first }],
    taint("site/cvmfs-unready", steady(1)),
  ),
  quiet("CvmfsNodeTainted", "warning", "another taint", 60, taint("site.example/other", steady(1))),
  fires(
    "CvmfsCacheFull",
    "warning",
    "9 % are free",
    31,
    [{ node: first }],
    cacheVolume(first, 9),
    cacheVolume(second, 20),
  ),
  quiet("CvmfsCacheFull", "warning", "10 % are free", 60, cacheVolume(first, 10)),
  quiet("CvmfsCacheFull", "warning", "another disk of the node is full", 60, cacheVolume(first, 1, "/")),
  fires("CvmfsTaintUpdateFailing", "warning", "the API refuses", 6, [{ node: first }], inSync(0)),
  quiet("CvmfsTaintUpdateFailing", "warning", "as it should be", 60, inSync(1)),
];

export const machineCases: readonly AlertCase[] = [...nodeCases, ...cvmfsCases, ...squidCases];
