/** Whether the pools make a cluster, and whether its parts can be reached. */
import type { Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, poolsOf, type Check } from "./check";

/** What kubeadm's own preflight asks of a control-plane machine; below it the first boot fails. */
const leastControlPlane = { vcpus: 2, ramMb: 1700 };

/** Longest name of a machine: it is the host name and the node's `kubernetes.io/hostname` label. */
const longestName = 63;

function oneControlPlanePool(cloud: Cloud): Problem[] {
  const pools = poolsOf(cloud).filter(([, pool]) => pool.role === "control-plane");
  const [first, ...more] = pools;
  if (first === undefined) {
    const expected = "exactly one pool with role control-plane";
    return [
      { path: ["cloud", "pools"], seen: "got no control-plane pool", expected, fix: "add one with count 1 or 3" },
    ];
  }
  return more.map(([name]) => ({
    path: ["cloud", "pools", name, "role"],
    seen: `got a second control-plane pool beside ${first[0]}`,
    expected: "exactly one",
    fix: `remove the pool, and write cloud.pools.${first[0]}.count: 3`,
  }));
}

/** etcd needs a majority: two machines survive no loss, and more than three only slow it down at a site's size. */
function controlPlaneCount(cloud: Cloud): Problem[] {
  return poolsOf(cloud)
    .filter(([, pool]) => pool.role === "control-plane" && pool.count !== 1 && pool.count !== 3)
    .map(([name, pool]) => ({
      path: ["cloud", "pools", name, "count"],
      seen: `got ${pool.count} control-plane machines`,
      expected: "1 or 3 (etcd needs a majority)",
      fix: `write ${pool.count < 3 ? 1 : 3}`,
    }));
}

function endpointFitsControlPlane(cloud: Cloud): Problem[] {
  const { kind, floatingIp } = cloud.apiEndpoint;
  const machines = poolsOf(cloud).reduce((sum, [, pool]) => sum + (pool.role === "control-plane" ? pool.count : 0), 0);
  const problems: Problem[] = [];
  if (kind !== "loadBalancer" && machines > 1) {
    problems.push({
      path: ["cloud", "apiEndpoint", "kind"],
      seen: `got "${kind}", which leads to one machine, and the control plane has ${machines}`,
      expected: "loadBalancer",
      fix: "write loadBalancer, or have one control-plane machine",
    });
  }
  if (kind !== "loadBalancer" && floatingIp) {
    problems.push({
      path: ["cloud", "apiEndpoint", "floatingIp"],
      seen: `got true with kind ${kind}`,
      expected: "false, the key is for load balancers",
      fix: kind === "floatingIp" ? "remove it, that kind has one anyway" : "write kind: floatingIp",
    });
  }
  return problems;
}

/** Floating IPs come from an external network, so who wants one must name it. */
function externalNetworkNamed(cloud: Cloud): Problem[] {
  const { kind, floatingIp } = cloud.apiEndpoint;
  const wanting = [
    ...(kind === "floatingIp" || floatingIp ? ["cloud.apiEndpoint"] : []),
    ...(cloud.bastion === undefined ? [] : ["cloud.bastion"]),
  ];
  return cloud.externalNetwork !== undefined || wanting.length === 0
    ? []
    : [
        {
          path: ["cloud", "externalNetwork"],
          seen: "missing",
          expected: `the network that the floating IP of ${wanting.join(" and ")} comes from`,
          fix: "write e.g. externalNetwork: public",
        },
      ];
}

function controlPlaneSize(cloud: Cloud): Problem[] {
  return poolsOf(cloud)
    .filter(([, pool]) => pool.role === "control-plane")
    .flatMap(([name, { flavor }]) =>
      (["vcpus", "ramMb"] as const)
        .filter((size) => flavor[size] < leastControlPlane[size])
        .map((size) => ({
          path: ["cloud", "pools", name, "flavor", size],
          seen: `got ${flavor[size]} for the control plane`,
          expected: `at least ${leastControlPlane[size]}, or kubeadm refuses`,
          fix: "use a larger flavor",
        })),
    );
}

function namesShortEnough(cloud: Cloud, site: Site): Problem[] {
  return poolsOf(cloud).flatMap(([name, pool]) => {
    const longest = `${site.site.name}-${name}-${pool.count - 1}`;
    return longest.length <= longestName
      ? []
      : [
          {
            path: ["cloud", "pools", name],
            seen: `got machine names as long as ${longest} (${longest.length} characters)`,
            expected: `at most ${longestName}`,
            fix: "shorten the name of the pool or the site",
          },
        ];
  });
}

/** A kubelet does not start with a label of Kubernetes' own domains that it does not know as its own to set. */
function labelsAllowed(cloud: Cloud): Problem[] {
  const own = /^(node|kubelet)\.kubernetes\.io\/|^topology\.kubernetes\.io\/(region|zone)$/;
  return poolsOf(cloud).flatMap(([name, pool]) =>
    Object.keys(pool.labels)
      .filter((key) => (/(^|\.)(kubernetes|k8s)\.io\//.test(key) && !own.test(key)) || PROGRAMS_KEYS.test(key))
      .map((key) => ({
        path: ["cloud", "pools", name, "labels", key],
        seen: PROGRAMS_KEYS.test(key)
          ? "got a label that the program gives the node itself"
          : "got a label that a kubelet must not set itself",
        expected: "a key outside kubernetes.io, k8s.io and atlas-site",
        fix: "write e.g. site.example/rack",
      })),
  );
}

/** Labels and taints of the program's own. */
const PROGRAMS_KEYS = /^(atlas-site|site)\//;

/** A taint of the program's or Kubernetes' own is set and lifted by what it speaks of; one beside it would stay for ever. */
function taintsAllowed(cloud: Cloud): Problem[] {
  return poolsOf(cloud).flatMap(([name, pool]) =>
    pool.taints.flatMap(({ key }, i) =>
      PROGRAMS_KEYS.test(key) || /(^|\.)(kubernetes|k8s)\.io\//.test(key)
        ? [
            {
              path: ["cloud", "pools", name, "taints", i, "key"],
              seen: `got ${key}, a taint that the program or Kubernetes sets and lifts itself`,
              expected: "a key outside kubernetes.io, k8s.io, atlas-site and site",
              fix: "write e.g. site.example/atlas",
            },
          ]
        : [],
    ),
  );
}

/** kubeadm's CoreDNS tolerates the control plane's own taint and no other. */
function nameServiceFindsNode(cloud: Cloud): Problem[] {
  const pools = poolsOf(cloud);
  const repelled = pools.filter(([, { taints }]) => taints.some(({ effect }) => effect !== "PreferNoSchedule"));
  const [name] = pools.find(([, { role }]) => role === "control-plane") ?? [];
  return name === undefined || repelled.length < pools.length
    ? []
    : [
        {
          path: ["cloud", "pools", name, "taints"],
          seen: "got taints on every pool, so that the cluster's name service finds no node",
          expected: "no taint of NoSchedule or NoExecute on one pool at least",
          fix: "remove it: the control plane has a taint of its own, which the name service tolerates",
        },
      ];
}

/** Checks on pools and on the ways in. */
export const machineChecks: readonly Check[] = [
  cloudCheck("there is one control-plane pool", ["cloud.pools.*.role"], oneControlPlanePool),
  cloudCheck("the control plane has 1 or 3 machines", ["cloud.pools.*.role", "cloud.pools.*.count"], controlPlaneCount),
  cloudCheck(
    "a control-plane machine is large enough for kubeadm",
    ["cloud.pools.*.role", "cloud.pools.*.flavor.**"],
    controlPlaneSize,
  ),
  cloudCheck(
    "the API endpoint leads to every control-plane machine",
    ["cloud.apiEndpoint.kind", "cloud.apiEndpoint.floatingIp", "cloud.pools.*.role", "cloud.pools.*.count"],
    endpointFitsControlPlane,
  ),
  cloudCheck(
    "floating IPs have a network to come from",
    ["cloud.apiEndpoint.kind", "cloud.apiEndpoint.floatingIp", "cloud.externalNetwork", "cloud.bastion"],
    externalNetworkNamed,
  ),
  cloudCheck("machine names fit a host name", ["site.name", "cloud.pools.*.count"], namesShortEnough),
  cloudCheck("node labels are ones a kubelet may set", ["cloud.pools.*.labels"], labelsAllowed),
  cloudCheck("node taints are nobody else's", ["cloud.pools.*.taints.**"], taintsAllowed),
  cloudCheck(
    "the cluster's name service finds a node",
    ["cloud.pools.*.role", "cloud.pools.*.taints.**"],
    nameServiceFindsNode,
  ),
];
