/** Whether Magnum will accept the cluster. */
import type { MagnumDriver } from "../../../components/cluster/magnum/labels";
import { OWN_GROUPS } from "../../../components/cluster/magnum/plan";
import { valueText, type Problem } from "../problem";
import type { Magnum, Site } from "../site";
import { magnumCheck, when, type Check } from "./check";

/** Magnum's own rule for names of clusters; the site's name is the cluster's. */
function nameAccepted(_: Magnum, { site }: Site): Problem[] {
  return when(!/^[a-z]/.test(site.name), {
    path: ["site", "name"],
    seen: `got ${valueText(site.name)}`,
    expected: "a name that begins with a letter, or Magnum refuses the cluster",
    fix: `write e.g. site-${site.name}`,
  });
}

function masters({ masters: { count }, template }: Magnum): Problem[] {
  const path = ["cluster", "masters", "count"];
  return [
    ...when(count !== 1 && count !== 3, {
      path,
      seen: `got ${count} masters`,
      expected: "1 or 3 (etcd needs a majority)",
      fix: `write ${count < 3 ? 1 : 3}`,
    }),
    ...when(count > 1 && "declared" in template && !template.declared.masterLoadBalancer, {
      path: ["cluster", "template", "declared", "masterLoadBalancer"],
      seen: `got false with ${count} masters`,
      expected: "true, or Magnum refuses more than one master",
      fix: "write true, or have one master",
    }),
  ];
}

/** Least sizes of a master, with where they come from. */
const LEAST_MASTER: Partial<Record<MagnumDriver, { vcpus: number; ramMb: number; why: string }>> = {
  cern: {
    vcpus: 4,
    ramMb: 7000,
    why: "with CERN's add-ons a smaller master never converges: CREATE_FAILED after 45 minutes",
  },
  "capi-helm": { vcpus: 2, ramMb: 2048, why: "magnum-capi-helm refuses a smaller one" },
};

function masterSize({ driver, labels, masters: { flavor } }: Magnum): Problem[] {
  const least = LEAST_MASTER[driver];
  // Without the chart the master has none of the add-ons.
  if (least === undefined || (driver === "cern" && labels.cern_chart_enabled === false)) {
    return [];
  }
  return (["vcpus", "ramMb"] as const)
    .filter((size) => flavor[size] < least[size])
    .map((size) => ({
      path: ["cluster", "masters", "flavor", size],
      seen: `got ${flavor[size]}`,
      expected: `at least ${least[size]}; ${least.why}`,
      fix: driver === "cern" ? "use a flavor such as m2.large" : "use a larger flavor",
    }));
}

function poolNames({ pools }: Magnum): Problem[] {
  return Object.keys(pools)
    .filter((name) => OWN_GROUPS.includes(name))
    .map((name) => ({
      path: ["cluster", "pools", name],
      seen: "got the name of a group that Magnum makes itself",
      expected: "another name",
      fix: "rename it; for services there is cluster.defaultWorkers",
    }));
}

function autoscaling({ pools }: Magnum): Problem[] {
  return Object.entries(pools).flatMap(([name, { count, autoscaling: bounds }]) => {
    if (bounds === undefined) {
      return [];
    }
    const { min, max } = bounds;
    const path = ["cluster", "pools", name];
    return min > max
      ? [
          {
            path: [...path, "autoscaling", "min"],
            seen: `got ${min}, and max is ${max}`,
            expected: `at most ${max}`,
            fix: `write ${max} or less`,
          },
        ]
      : when(count < min || count > max, {
          path: [...path, "count"],
          seen: `got ${count}`,
          expected: `a number from autoscaling.min ${min} to autoscaling.max ${max}, or Magnum refuses the group`,
          fix: `write ${Math.min(Math.max(count, min), max)}`,
        });
  });
}

function podNetworkOfCluster(_: Magnum, { network }: Site): Problem[] {
  return when(network.plugin !== "none", {
    path: ["network", "plugin"],
    seen: `got "${network.plugin}", and a Magnum cluster brings a pod network of its own`,
    expected: "none, with podCidr and serviceCidr as the template has them",
    fix: "write none",
  });
}

/** Two drivers of one volume type in a cluster fight for its CSIDriver object. */
function driversOnce({ labels, template }: Magnum, site: Site): Problem[] {
  const declared = "declared" in template ? template.declared.labels : {};
  const given = { ...declared, ...labels };
  return [
    ...when(site.cvmfs.mode === "csi" && (given.cvmfs_csi_enabled === true || given.cvmfs_enabled === true), {
      path: ["cvmfs", "mode"],
      seen: `got "csi", and the labels of the cluster ask Magnum for its own driver of CVMFS`,
      expected: "one of the two",
      fix: "set the labels cvmfs_enabled and cvmfs_csi_enabled to false, or remove them",
    }),
    ...when(site.storage.class === "cinder" && given.cinder_csi_enabled === true, {
      path: ["storage", "class"],
      seen: `got "cinder", and the labels of the cluster ask Magnum for its own driver of Cinder`,
      expected: "one of the two",
      fix: "give the label cinder_csi_enabled: false",
    }),
  ];
}

/** Checks on the section of a Magnum cluster. */
export const magnumChecks: readonly Check[] = [
  magnumCheck("Magnum accepts the cluster's name", ["site.name"], nameAccepted),
  magnumCheck("a Magnum cluster has 1 or 3 masters", ["cluster.masters.count", "cluster.template.**"], masters),
  magnumCheck(
    "a Magnum master is large enough for its driver",
    ["cluster.driver", "cluster.labels.**", "cluster.masters.flavor.**"],
    masterSize,
  ),
  magnumCheck("pools have other names than Magnum's own groups", ["cluster.pools"], poolNames),
  magnumCheck(
    "a pool that scales begins within its bounds",
    ["cluster.pools.*.count", "cluster.pools.*.autoscaling.**"],
    autoscaling,
  ),
  magnumCheck("a Magnum cluster keeps its own pod network", ["network.plugin"], podNetworkOfCluster),
  magnumCheck(
    "Magnum and the program do not both bring a volume driver",
    ["cluster.labels.**", "cluster.template.**", "cvmfs.mode", "storage.class"],
    driversOnce,
  ),
];
