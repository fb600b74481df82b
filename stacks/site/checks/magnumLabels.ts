/** Whether Magnum's driver uses the labels of the site file, and takes their values. */
import {
  AUTOSCALING_LABELS,
  FOREIGN_LABEL,
  labelsOf,
  MAGNUM_LABELS,
  type LabelKind,
  type MagnumDriver,
} from "../../../components/cluster/magnum/labels";
import { canonicalCidr } from "../ipv4";
import { nearest } from "../nearest";
import { valueText, type Path, type Problem } from "../problem";
import type { Magnum } from "../site";
import { magnumCheck, when, type Check } from "./check";

type LabelValue = Magnum["labels"][string];

/** Labels that are checked, with the path of each: the cluster's and those of a template of the site's own. */
function labelsWritten({ labels, template }: Magnum): [Path, string, LabelValue][] {
  const written = (path: Path, given: Magnum["labels"]) =>
    Object.entries(given).map(([name, value]): [Path, string, LabelValue] => [[...path, name], name, value]);
  return [
    ...written(["cluster", "labels"], labels),
    ...("declared" in template ? written(["cluster", "template", "declared", "labels"], template.declared.labels) : []),
  ];
}

const KINDS: Readonly<Record<LabelKind, readonly [string, string, (value: LabelValue) => boolean]>> = {
  boolean: ["true or false", "give true or false without quotes", (value) => typeof value === "boolean"],
  count: ["a whole number", "give a number without quotes", (value) => typeof value === "number" && value >= 0],
  text: ["text", "give it in quotes", (value) => typeof value === "string" && value !== ""],
  cidr: [
    "an IPv4 network in CIDR notation",
    "write e.g. 10.100.0.0/16",
    (value) => typeof value === "string" && canonicalCidr(value) === value,
  ],
};

const DRIVERS: Readonly<Record<MagnumDriver, string>> = {
  cern: "CERN's driver",
  heat: "the Heat driver",
  "capi-helm": "magnum-capi-helm",
  "cluster-api": "magnum-cluster-api",
};

function labelsUsed(magnum: Magnum): Problem[] {
  const { driver } = magnum;
  const known = labelsOf(driver);
  return labelsWritten(magnum)
    .filter(([, name]) => !AUTOSCALING_LABELS.includes(name) && !known.includes(name))
    .map(([path, name]) => {
      const meant = nearest(name, known);
      const users = (MAGNUM_LABELS[name]?.drivers ?? []).map((user) => DRIVERS[user]).join(", ");
      const done = FOREIGN_LABEL[driver] === "refused" ? "ends in CREATE_FAILED for" : "ignores";
      return {
        path,
        seen: `${DRIVERS[driver]} ${done} this label${users === "" ? "" : `, which is for ${users}`}`,
        expected: "a label that the driver uses",
        fix:
          meant !== undefined
            ? `rename it: did you mean "${meant}"?`
            : driver === "capi-helm"
              ? "remove it"
              : "remove it, or pass it on unchecked under cluster.otherLabels",
      };
    });
}

function labelValues(magnum: Magnum): Problem[] {
  return labelsWritten(magnum).flatMap(([path, name, value]) => {
    const label = MAGNUM_LABELS[name];
    if (label === undefined) {
      return [];
    }
    const [expected, fix, fits] = KINDS[label.kind];
    return when(!fits(value), { path, seen: `got ${valueText(value)}`, expected, fix });
  });
}

/** Labels of the autoscaler follow from the pools, and unchecked labels must not come in the way of checked ones. */
function labelsOnce(magnum: Magnum): Problem[] {
  const scaling = labelsWritten(magnum)
    .filter(([, name]) => AUTOSCALING_LABELS.includes(name))
    .map(([path]) => path);
  const others = Object.keys(magnum.otherLabels).map((name): [Path, string] => [
    ["cluster", "otherLabels", name],
    name,
  ]);
  const otherScaling = others.filter(([, name]) => AUTOSCALING_LABELS.includes(name)).map(([path]) => path);
  const refused = magnum.driver === "capi-helm" ? others.filter(([, name]) => MAGNUM_LABELS[name] === undefined) : [];
  return [
    ...[...scaling, ...otherScaling].map((path) => ({
      path,
      seen: "got a label that the program derives from the pools",
      expected: "the bounds of each pool in cluster.pools.<name>.autoscaling",
      fix: "remove it, and give the pools that scale the key autoscaling",
    })),
    ...others
      .filter(([, name]) => MAGNUM_LABELS[name] !== undefined && !AUTOSCALING_LABELS.includes(name))
      .map(([path, name]) => ({
        path,
        seen: "got a label that the program knows",
        expected: "only labels it does not know",
        fix: `set it under cluster.labels as ${name}`,
      })),
    ...refused.map(([path]) => ({
      path,
      seen: "magnum-capi-helm ends in CREATE_FAILED for a label it does not know",
      expected: "no label here with cluster.driver capi-helm",
      fix: "remove it",
    })),
  ];
}

/** Checks on the labels of a Magnum cluster. */
export const magnumLabelChecks: readonly Check[] = [
  magnumCheck(
    "Magnum's driver uses every label",
    ["cluster.driver", "cluster.labels.**", "cluster.template.**"],
    labelsUsed,
  ),
  magnumCheck("labels of Magnum have values of their kind", ["cluster.labels.**", "cluster.template.**"], labelValues),
  magnumCheck(
    "labels of Magnum are written once",
    ["cluster.driver", "cluster.labels.**", "cluster.otherLabels.**", "cluster.template.**"],
    labelsOnce,
  ),
];
