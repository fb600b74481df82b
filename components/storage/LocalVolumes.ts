import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LOCAL_CLASS, type LocalVolumePlan } from "./plan";

/** What `LocalVolumes` are made from. */
export interface LocalVolumesArgs {
  /** Every volume, machine by machine. */
  volumes: readonly LocalVolumePlan[];
}

/**
 * Directories of machines as volumes: a class nobody provisions for, and a PersistentVolume for each directory, bound to
 * its machine. Which claim gets which is decided when its pod is scheduled.
 */
export class LocalVolumes extends pulumi.ComponentResource {
  constructor(name: string, args: LocalVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:storage:LocalVolumes", name, {}, opts);
    const parent = { parent: this };
    const storageClass = new k8s.storage.v1.StorageClass(
      name,
      {
        metadata: { name: LOCAL_CLASS },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Retain",
      },
      parent,
    );
    for (const volume of args.volumes) {
      new k8s.core.v1.PersistentVolume(
        `${name}-${volume.position}`,
        {
          metadata: { name: volume.name },
          spec: {
            storageClassName: storageClass.metadata.name,
            capacity: { storage: volume.size },
            accessModes: ["ReadWriteOnce"],
            volumeMode: "Filesystem",
            // Nothing empties a directory, so with Delete the volume would end as Failed, and with its data still there.
            persistentVolumeReclaimPolicy: "Retain",
            local: { path: volume.path },
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [volume.machine] }],
                  },
                ],
              },
            },
          },
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}
