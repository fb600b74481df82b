import * as pulumi from "@pulumi/pulumi";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import type { Cvmfs as CvmfsSection, CvmfsClient, Squid as SquidSection, Storage } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import { requiredStorageClass } from "../storage/plan";
import { CvmfsClaim } from "./CvmfsClaim";
import { CvmfsCsi } from "./CvmfsCsi";
import { CvmfsProbe, type CvmfsProbeArgs } from "./CvmfsProbe";
import { CVMFS_NAMESPACE } from "./names";
import { Squid, type SquidArgs } from "./Squid";

/** What `Cvmfs` is made from. */
export interface CvmfsArgs extends SiteContext {
  /** The stack file's section of CVMFS. */
  cvmfs: CvmfsSection;
  /** Where the squids' volumes come from. */
  storage: Storage;
  /** Whether the site has a Prometheus that reads metrics of the squids. */
  monitored: boolean;
  /** Changes to objects before they are registered, by component. */
  transform?: { squid?: SquidArgs["transform"]; probe?: CvmfsProbeArgs["transform"] };
}

/**
 * All of a site's CVMFS inside the cluster: the driver (mode csi), the probe, the squids. The client of mode host is boot
 * data of the machines (`hostCvmfs`). Nothing in mode none.
 */
export class Cvmfs extends pulumi.ComponentResource {
  /** Its namespaces, for what is made in them by others and need not wait for the rest of CVMFS. */
  readonly namespaces: InfrastructureNamespace[] = [];

  constructor(name: string, args: CvmfsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:Cvmfs", name, {}, opts);
    const { cvmfs } = args;
    if (cvmfs.mode !== "none") {
      if (cvmfs.squid !== undefined) {
        this.createSquids(`${name}-squid`, args, cvmfs.squid);
      }
      this.createNodeServices(name, args, cvmfs);
    }
    this.registerOutputs({});
  }

  private createSquids(name: string, args: CvmfsArgs, squid: SquidSection): void {
    const { storage } = args;
    const storageClass = requiredStorageClass(storage, "squids keep their caches");
    const retainClaims = storage.class === "local";
    this.namespaces.push(
      new Squid(
        name,
        { ...args, squid, storageClass, retainClaims, transform: args.transform?.squid },
        { parent: this },
      ).namespace,
    );
  }

  /** What runs on every batch node. */
  private createNodeServices(name: string, args: CvmfsArgs, cvmfs: CvmfsClient): void {
    const parent = { parent: this };
    // Driver and probe both reach into the node: by mounts of their own, or by its /cvmfs.
    const onNodes = new InfrastructureNamespace(name, { namespace: CVMFS_NAMESPACE, level: "privileged" }, parent);
    const { namespace } = onNodes;
    this.namespaces.push(onNodes);
    const before: pulumi.Resource[] = [];
    if (cvmfs.mode === "csi") {
      const driver = new CvmfsCsi(`${name}-csi`, { ...args, cvmfs, namespace }, parent);
      // The probe mounts CVMFS as jobs do.
      before.push(new CvmfsClaim(`${name}-claim`, { namespace }, { ...parent, dependsOn: [driver] }));
    }
    new CvmfsProbe(
      `${name}-probe`,
      { ...args, cvmfs, namespace, transform: args.transform?.probe },
      { ...parent, dependsOn: before },
    );
  }
}
