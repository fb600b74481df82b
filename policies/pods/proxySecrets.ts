/** Where a pod has the grid proxy. */
import type { Field } from "../model/field";
import { containersOf, type Pod } from "../model/pods";

/** A volume with the proxy. */
export interface ProxyVolume {
  /** The volume's name. */
  readonly name: unknown;
  /** Its `secret` (or the `secret` of a projected source). */
  readonly source: Field;
}

/** Volumes made from one of these secrets. @throws UnknownField when it is not known what they are made from */
export function proxyVolumes(pod: Pod, secrets: readonly string[]): ProxyVolume[] {
  return pod.spec.at("volumes").items.flatMap((volume) => {
    const own = volume.at("secret");
    const projected = volume.at("projected", "sources").items.map((source) => source.at("secret"));
    const found = [
      ...(secrets.includes(own.at("secretName").text ?? "") ? [own] : []),
      ...projected.filter((source) => secrets.includes(source.at("name").text ?? "")),
    ];
    return found.map((source) => ({ name: volume.at("name").value, source }));
  });
}

/** Mounts of a volume, in any container. */
export function mountsOf(pod: Pod, volume: unknown): Field[] {
  const mounts = containersOf(pod).flatMap((container) => container.at("volumeMounts").items);
  return mounts.filter((mount) => mount.at("name").value === volume);
}
