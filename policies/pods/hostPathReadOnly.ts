import { cis, nsa, kyverno, kubeLinter, own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";
import { hostPathMounts } from "./hostPaths";

/** Containers may mount folders of the node read-only, and mount nothing into the node. */
export const hostPathReadOnly: PodPolicy = {
  kind: "pod",
  name: "host-path-read-only",
  title: "Folders of the node are read-only",
  why: "Who can write to the node's disk can be the node; and nothing writes to CVMFS.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    cis("5.2.11"),
    nsa("C-0045"),
    kyverno("ensure-readonly-hostpath"),
    kubeLinter("writable-host-mount"),
    own("the paper's PodSecurityPolicy: /cvmfs, readOnly"),
  ],
  remediation: "Set readOnly: true on every volumeMount of a hostPath volume, and no mountPropagation: Bidirectional.",
  check: (pod) =>
    each(hostPathMounts(pod), ({ container, mount }) => [
      ...each([mount.at("readOnly")], (readOnly) =>
        readOnly.is(true)
          ? undefined
          : violation(
              readOnly,
              `${nameOf(container)} mounts the node's folder at ${show(mount.at("mountPath"))} for writing`,
            ),
      ),
      ...each([mount.at("mountPropagation")], (propagation) =>
        propagation.is("Bidirectional")
          ? violation(propagation, `${nameOf(container)} mounts into the node`)
          : undefined,
      ),
    ]),
};
