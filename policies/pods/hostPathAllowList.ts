import { podSecurity, cis, nsa, kyverno, kubeLinter, polaris } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { isAllowed } from "./hostPaths";

/** A pod may see folders of the node only as far as the site allows. Reads `hostPaths`. */
export const hostPathAllowList: PodPolicy = {
  kind: "pod",
  name: "host-path-allow-list",
  title: "No folder of the node but CVMFS",
  why: "A folder of the node shows other jobs' files and the kubelet's keys, and, written to, is the node. The paper's pods may see /cvmfs alone. A path inside a repository may be a symbolic link to any directory of the node, which the kubelet follows as root, so only /cvmfs and the mount points below it are allowed. The Pod Security Standards allow no folder at all: set hostPaths to none for their verdict.",
  level: "mandatory",
  severity: "critical",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: hostPathVolumes"),
    cis("5.2.11"),
    nsa("C-0048"),
    kyverno("disallow-host-path"),
    kubeLinter("sensitive-host-mounts"),
    polaris("hostPathSet"),
  ],
  remediation:
    "Mount /cvmfs or one repository, not a path inside it; else use a PersistentVolumeClaim, emptyDir or configMap. An infrastructure pod that must see the node needs an exemption.",
  check: (pod, settings) =>
    each(
      pod.spec.at("volumes").items.map((volume) => volume.at("hostPath")),
      (hostPath) => {
        if (!hostPath.present) {
          return undefined;
        }
        const path = hostPath.at("path");
        return isAllowed(path.text ?? "", settings.hostPaths)
          ? undefined
          : violation(path, `the node's ${show(path)} is not among the allowed [${settings.hostPaths.join(", ")}]`);
      },
    ),
};
