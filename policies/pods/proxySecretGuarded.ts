import type { Field } from "../model/field";
import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";
import { mountsOf, proxyVolumes } from "./proxySecrets";

/** What the kubelet takes when nothing is said: everybody may read. */
const UNSAID = 0o644;
/** Read by the owner, and nothing else. */
const MOST = 0o400;

function modeFinding(mode: Field) {
  const bits = mode.number ?? UNSAID;
  return (bits & ~MOST) === 0
    ? undefined
    : violation(mode, `the proxy has mode 0${bits.toString(8)}, more than 0${MOST.toString(8)}`);
}

/** A volume with the grid proxy must be closed to everybody but the pilot. Reads `proxySecrets`. */
export const proxySecretGuarded: PodPolicy = {
  kind: "pod",
  name: "proxy-secret-guarded",
  title: "The proxy is for the pilot alone",
  why: "The grid proxy acts for the whole experiment. Only batch pods get it, read-only, and no other user of the container may read it.",
  level: "mandatory",
  severity: "high",
  frameworks: [own("grid proxy of the pilots")],
  remediation:
    "Mount the secret with defaultMode: 0400 (0440 with fsGroup is what the kubelet makes of it) and readOnly: true, in batch pods only.",
  check: (pod, settings) => {
    const volumes = proxyVolumes(pod, settings.proxySecrets);
    if (volumes.length === 0) {
      return notApplicable("no volume with a proxy");
    }
    if (pod.workload !== "batch") {
      return volumes.map(({ source }) => violation(source, "only batch pods may have the proxy"));
    }
    return each(volumes, ({ name, source }) => [
      ...each([source.at("defaultMode"), ...source.at("items").items.map((item) => item.at("mode"))], (mode) => {
        const isDefault = mode.path.endsWith("defaultMode");
        return isDefault || mode.present ? modeFinding(mode) : undefined;
      }),
      ...each(mountsOf(pod, name), (mount) =>
        mount.at("readOnly").is(true)
          ? undefined
          : violation(mount.at("readOnly"), `the proxy is mounted for writing at ${show(mount.at("mountPath"))}`),
      ),
    ]);
  },
};
