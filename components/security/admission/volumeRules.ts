/** Rules on volumes: what the paper's PodSecurityPolicy said, and what it left open. */
import type { Cvmfs } from "../../../stacks/site/site";
import { ATLAS_DIRECTORIES } from "../names";
import { celList, celText, type Rule } from "./rule";

/** What needs no right on the node and reaches nothing but the pod's own namespace. hostPath has rules of its own. */
const VOLUME_TYPES = ["configMap", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret"];

/** Types that do not make what is not there. */
const HOST_PATH_TYPES = ["", "Directory"];

const HOST_VOLUME = "variables.volumes.exists(v, v.name == m.name && has(v.hostPath))";

/**
 * `/cvmfs` or one repository's mount point. The kubelet follows symbolic links when it resolves a hostPath, on the node
 * and as root, and a repository's content is whatever its publishers put there: trees of unpacked images hold links to `/`
 * and `/run`. So a path may name a mount point, which is never a link, and nothing inside a repository.
 */
const CVMFS_MOUNT_POINT = "^/cvmfs(/[a-z0-9][a-z0-9.-]*)?/?$";

const withCvmfs: Rule = {
  name: "host-path-cvmfs-only",
  standard: "baseline",
  volume:
    `!has(v.hostPath) || v.hostPath.path.matches(${celText(CVMFS_MOUNT_POINT)}) || ` +
    `v.hostPath.path in ${celList(ATLAS_DIRECTORIES)}`,
  fields: ["volumes[*].hostPath.path"],
  advice: `mount /cvmfs, one repository /cvmfs/<name>, or ${ATLAS_DIRECTORIES.join(", ")}; use emptyDir for scratch`,
  why: "Any other directory of the node holds keys, other jobs, or the node itself; a path inside a repository may be a symbolic link that leads there.",
};

const withoutHostPath: Rule = {
  name: "no-host-path",
  standard: "baseline",
  volume: "!has(v.hostPath)",
  fields: ["volumes[*].hostPath"],
  advice: "remove it; CVMFS comes by the claim `cvmfs` where the site has it, and scratch is an emptyDir",
  why: "CVMFS is not on this site's nodes, so a job has no business with their directories.",
};

const onHostPaths: readonly Rule[] = [
  {
    name: "host-path-makes-nothing",
    standard: "site",
    volume: `!has(v.hostPath) || v.hostPath.?type.orValue('') in ${celList(HOST_PATH_TYPES)}`,
    fields: ["volumes[*].hostPath.type"],
    advice: "use Directory, so that the pod waits where a repository is missing",
    why: "DirectoryOrCreate makes directories, as root, where a repository should be mounted.",
  },
  {
    name: "host-path-read-only",
    standard: "site",
    container: `c.?volumeMounts.orValue([]).all(m, !${HOST_VOLUME} || m.?readOnly.orValue(false))`,
    fields: ["containers[*].volumeMounts[*].readOnly"],
    advice: "set it to true for every mount of /cvmfs",
    why: "A writable mount writes to the node's disk wherever a repository is not mounted.",
  },
];

const everywhere: readonly Rule[] = [
  {
    name: "volume-types",
    standard: "restricted",
    volume: [...VOLUME_TYPES, "hostPath"].map((type) => `has(v.${type})`).join(" || "),
    fields: ["volumes[*]"],
    advice: `use only ${VOLUME_TYPES.join(", ")}`,
    why: "Other types reach storage of the node or of other tenants past the site's claims.",
  },
  {
    name: "no-mount-into-the-node",
    standard: "site",
    container: "c.?volumeMounts.orValue([]).all(m, m.?mountPropagation.orValue('None') in ['None', 'HostToContainer'])",
    fields: ["containers[*].volumeMounts[*].mountPropagation"],
    advice: "use HostToContainer for /cvmfs and leave it out elsewhere",
    why: "Bidirectional mounts appear on the node and in other pods.",
  },
];

/** The rules, which allow hostPath only where CVMFS is on the hosts. */
export function volumeRules(cvmfs: Pick<Cvmfs, "mode">): Rule[] {
  return cvmfs.mode === "host" ? [...everywhere, withCvmfs, ...onHostPaths] : [...everywhere, withoutHostPath];
}
