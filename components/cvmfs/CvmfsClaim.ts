import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { unawaited } from "../kubernetes/workloads";
import { CVMFS_CLAIM, CVMFS_CLASS } from "./names";

/** What a `CvmfsClaim` is made from. */
export interface CvmfsClaimArgs {
  /** Namespace whose pods mount CVMFS by it. */
  namespace: pulumi.Input<string>;
}

/**
 * The claim by which pods of a namespace see every repository at /cvmfs, in mode csi. One serves the whole namespace. It
 * must depend on the driver (`dependsOn` of the component `Cvmfs`), so that it is deleted while the driver still works.
 */
export class CvmfsClaim extends pulumi.ComponentResource {
  constructor(name: string, args: CvmfsClaimArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:CvmfsClaim", name, {}, opts);
    new k8s.core.v1.PersistentVolumeClaim(
      name,
      {
        // Bound as soon as the driver's controller runs, for which `up` need not wait: pods do.
        metadata: unawaited({ name: CVMFS_CLAIM, namespace: args.namespace }),
        spec: {
          // Any other mode is bound or refused without a word to the claim, and every pod then fails to mount.
          accessModes: ["ReadOnlyMany"],
          storageClassName: CVMFS_CLASS,
          // Means nothing to the driver, and Kubernetes takes no claim without a size.
          resources: { requests: { storage: "1Mi" } },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
