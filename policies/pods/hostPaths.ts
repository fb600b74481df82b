/** Folders of a node that pods see. */
import type { Field } from "../model/field";
import { containersOf, type Pod } from "../model/pods";

/** Whether a path is a folder or lies below it. A path that climbs (`..`) is never below. */
export function isBelow(path: string, folder: string): boolean {
  const steps = (text: string) => text.split("/").filter((step) => step !== "" && step !== ".");
  const [below, above] = [steps(path), steps(folder)];
  return path.startsWith("/") && !below.includes("..") && above.every((step, index) => below[index] === step);
}

/**
 * Whether a path is one of the directories a site allows: exactly, or as the one name that a last `*` stands for. Nothing
 * below is allowed with it, for the kubelet follows symbolic links there, on the node and as root.
 */
export function isAllowed(path: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    const [folder, anyName] = one.endsWith("/*") ? [one.slice(0, -2), true] : [one, false];
    const depth = (text: string) => text.split("/").filter((step) => step !== "" && step !== ".").length;
    return isBelow(path, folder) && depth(path) === depth(folder) + (anyName ? 1 : 0);
  });
}

/** A mount of a folder of the node. */
export interface HostPathMount {
  readonly container: Field;
  readonly mount: Field;
  /** The node's folder; "" where it is not known. */
  readonly path: string;
}

/** Every mount of a folder of the node, in any container. @throws UnknownField when the volumes are not known */
export function hostPathMounts(pod: Pod): HostPathMount[] {
  const paths = new Map<unknown, string>();
  for (const volume of pod.spec.at("volumes").items) {
    const hostPath = volume.at("hostPath");
    if (hostPath.present) {
      const path = hostPath.at("path");
      paths.set(volume.at("name").value, path.known ? (path.text ?? "") : "");
    }
  }
  return containersOf(pod).flatMap((container) =>
    container
      .at("volumeMounts")
      .items.filter((mount) => paths.has(mount.at("name").value))
      .map((mount) => ({ container, mount, path: paths.get(mount.at("name").value) ?? "" })),
  );
}
