import { own } from "../model/frameworks";
import { nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";
import { hostPathMounts } from "./hostPaths";

/** A mount of the whole of /cvmfs must follow what the node mounts below it. Reads `hostPaths`. */
export const cvmfsFollowsMounts: PodPolicy = {
  kind: "pod",
  name: "cvmfs-follows-mounts",
  title: "CVMFS mounts follow the node",
  why: "CVMFS mounts a repository when it is first used, and again after a crash. A pod that began before that sees an empty folder for ever, unless its mount follows the node's.",
  level: "advisory",
  severity: "medium",
  frameworks: [own("facts of CVMFS in containers: mount propagation")],
  remediation: "Set mountPropagation: HostToContainer on the mount of /cvmfs.",
  check: (pod, settings) => {
    const mounts = hostPathMounts(pod).filter(({ path }) => settings.hostPaths.includes(`${path}/*`));
    return mounts.length === 0
      ? notApplicable("no mount of a whole allowed folder of the node")
      : each(mounts, ({ container, mount }) => {
          const propagation = mount.at("mountPropagation");
          return propagation.is("HostToContainer")
            ? undefined
            : violation(propagation, `${nameOf(container)} does not see what is mounted later`);
        });
  },
};
