import type { Cvmfs, CvmfsClient } from "../../stacks/site/site";
import { CVMFS_CLAIM, CVMFS_ROOT } from "./names";

/** Name of the volume in a pod. */
const VOLUME = "cvmfs";

/** A volume and its mount, as plain Kubernetes JSON. */
export interface CvmfsVolume {
  readonly volume: { readonly name: string } & (
    | { readonly hostPath: { readonly path: string; readonly type: "Directory" } }
    | { readonly persistentVolumeClaim: { readonly claimName: string; readonly readOnly: true } }
  );
  readonly mount: {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly: true;
    /** Repositories that are mounted after the container has started are seen; without it: "Too many levels of symbolic links". */
    readonly mountPropagation: "HostToContainer";
  };
}

/**
 * What a pod needs to see CVMFS at /cvmfs; the only place that makes it, so that nobody forgets read-only or the
 * propagation. Undefined where the site has no CVMFS.
 * @param cvmfs the stack file's section
 */
export function cvmfsVolume(cvmfs: CvmfsClient): CvmfsVolume;
export function cvmfsVolume(cvmfs: Cvmfs): CvmfsVolume | undefined;
export function cvmfsVolume(cvmfs: Cvmfs): CvmfsVolume | undefined {
  if (cvmfs.mode === "none") {
    return undefined;
  }
  const mount = { name: VOLUME, mountPath: CVMFS_ROOT, readOnly: true, mountPropagation: "HostToContainer" } as const;
  return cvmfs.mode === "host"
    ? // A host without /cvmfs must fail the pod, not get an empty directory.
      { volume: { name: VOLUME, hostPath: { path: CVMFS_ROOT, type: "Directory" } }, mount }
    : { volume: { name: VOLUME, persistentVolumeClaim: { claimName: CVMFS_CLAIM, readOnly: true } }, mount };
}
