import type { Field } from "../model/field";
import { podSecurity, cis, kyverno } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import type { Settings } from "../model/settings";
import { isAllowed } from "./hostPaths";

const NOT_STRANGE: ReadonlySet<string> = new Set([
  "name",
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

function strangeSources(volume: Field) {
  return volume.keys
    .filter((type) => !NOT_STRANGE.has(type))
    .map((type) => ({ type, volume, source: volume.at(type) }));
}

/** A folder of the node that the site allows is judged by its own policies alone. */
function isAllowedFolder(type: string, source: Field, { hostPaths }: Settings): boolean {
  return type === "hostPath" && isAllowed(source.at("path").text ?? "", hostPaths);
}

/** A pod may use volumes of harmless types only. Reads `hostPaths`. */
export const volumeTypes: PodPolicy = {
  kind: "pod",
  name: "volume-types",
  title: "Only volumes that bring nothing of the node or network along",
  why: "Volumes of other types reach the node's disks, or storage servers with the node's own rights.",
  level: "mandatory",
  severity: "high",
  profile: "restricted",
  frameworks: [podSecurity("restricted: restrictedVolumes"), cis("5.2.11"), kyverno("restrict-volume-types")],
  remediation:
    "Use configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret; what needs another type becomes a PersistentVolume.",
  check: (pod, settings) =>
    each(pod.spec.at("volumes").items.flatMap(strangeSources), ({ type, volume, source }) =>
      source.present && !isAllowedFolder(type, source, settings)
        ? violation(source, `volume ${show(volume.at("name"))} is of a type that is not allowed`)
        : undefined,
    ),
};
