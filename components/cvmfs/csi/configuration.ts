/** Configuration of the client inside the driver's pods. */
import { defaultLocal, repositoryParameters, type ClientSite } from "../clientConfig";

/** The driver's ConfigMaps by what they hold; one namespace holds one driver. */
export const CONFIG_MAPS = {
  /** `/etc/cvmfs/default.local`. */
  defaultLocal: "cvmfs-csi-default-local",
  /** `/etc/cvmfs/config.d`, for single repositories. */
  repositories: "cvmfs-csi-config-d",
  /** `/etc/cvmfs/default.d/90-local.conf`, the only place where the config repository can be changed. */
  defaults: "cvmfs-csi-default-d",
} as const;

/** File of the `defaults` map. */
export const DEFAULTS_FILE = "90-local.conf";

/** Content of every ConfigMap of the driver. */
export function configMapData(site: ClientSite): Record<keyof typeof CONFIG_MAPS, Record<string, string>> {
  return {
    defaultLocal: { "default.local": defaultLocal(site) },
    repositories: repositoryParameters(site),
    // The key must be there though nothing is in it: the kubelet would make a folder in the place of a missing file.
    defaults: { [DEFAULTS_FILE]: "# Nothing: the config repository is that of the package cvmfs-config-default.\n" },
  };
}
