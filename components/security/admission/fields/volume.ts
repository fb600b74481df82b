/** The table of a volume. */
import { allow, oneOf, range, refuse, refuseAll, ruled, type Fields } from "./decision";

/** Names that volumes of a site's jobs refer to. */
export interface VolumeNames {
  /** Secret with the grid proxy. */
  readonly secret: string;
  /** ConfigMap with the pilot's start-up script. Those of jobs are named by the worker's number. */
  readonly starter: string;
  /** Claim of CVMFS, where it comes by claims. */
  readonly claim: string;
}

const FILES = "Harvester mounts the whole object.";
const MODE = { bound: range(0, 0o777, "as a file mode in decimal") };

const REMOTE = [
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker"],
  ...["gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte"],
  ...["rbd", "scaleIO", "storageos", "vsphereVolume"],
];

/** Every field of a volume. */
export function volumeFields({ secret, starter, claim }: VolumeNames): Fields {
  return {
    name: allow("Name."),
    hostPath: allow("CVMFS, where it is on the hosts.", {
      of: {
        path: ruled("/cvmfs or one repository.", "host-path-cvmfs-only", "no-host-path"),
        type: ruled("Directory.", "host-path-makes-nothing"),
      },
    }),
    persistentVolumeClaim: allow("CVMFS, where it comes by claims.", {
      of: {
        claimName: allow("CVMFS' claim.", { bound: oneOf(claim) }),
        readOnly: allow("Always.", { bound: oneOf(true), required: true }),
      },
    }),
    emptyDir: allow("Scratch on the node's disk.", {
      of: {
        sizeLimit: allow("Harvester's limit is the container's; this one narrows it."),
        medium: refuse("Scratch in memory is limited by nothing but the node."),
        mode: refuse("The group of the scratch comes from fsGroup."),
      },
    }),
    secret: allow("The grid proxy.", {
      of: {
        secretName: allow("Harvester's Secret.", { bound: oneOf(secret), required: true }),
        defaultMode: allow("Who may read it.", MODE),
        ...refuseAll(FILES, "items", "optional", "defaultUser"),
      },
    }),
    configMap: allow("The starter, and in push mode the job.", {
      of: {
        name: allow("Harvester's ConfigMaps.", {
          bound: { kind: "pattern", pattern: `^(${starter}|[0-9]{1,20})$`, says: `${starter} or a worker's number` },
          required: true,
        }),
        defaultMode: allow("Who may read it.", MODE),
        ...refuseAll(FILES, "items", "optional", "defaultUser"),
      },
    }),
    projected: refuse("It brings tokens, certificates and other objects of the namespace into a job."),
    downwardAPI: refuse("Harvester uses the environment for what a pod knows of itself."),
    image: refuse("Code comes from the container's image and from CVMFS."),
    ephemeral: refuse("Each pod would get storage of its own, past the quota of claims."),
    ...refuseAll("It reaches storage past the site's claims.", ...REMOTE),
  };
}
