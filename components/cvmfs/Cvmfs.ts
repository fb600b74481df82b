import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { CvmfsClaim } from "./CvmfsClaim";
import { CvmfsCsi } from "./CvmfsCsi";
import { CvmfsProbe } from "./CvmfsProbe";
import { CVMFS_NAMESPACE } from "./names";
import { Squid } from "./Squid";

/** What `Cvmfs` is made from. */
export interface CvmfsArgs {
  /** The site; what is made is what its section cvmfs asks for. */
  site: Site;
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
    const { site } = args;
    if (site.cvmfs.mode !== "none") {
      if (site.cvmfs.squid !== undefined) {
        this.namespaces.push(new Squid(`${name}-squid`, { site }, { parent: this }).namespace);
      }
      this.addToNodes(name, site, site.cvmfs.mode === "csi");
    }
    this.registerOutputs({});
  }

  /** What runs on every batch node. */
  private addToNodes(name: string, site: Site, byDriver: boolean): void {
    const parent = { parent: this };
    // Driver and probe both reach into the node: by mounts of their own, or by its /cvmfs.
    const onNodes = new InfrastructureNamespace(name, { namespace: CVMFS_NAMESPACE, level: "privileged" }, parent);
    const { namespace } = onNodes;
    this.namespaces.push(onNodes);
    const before: pulumi.Resource[] = [];
    if (byDriver) {
      const driver = new CvmfsCsi(`${name}-csi`, { site, namespace }, parent);
      // The probe mounts CVMFS as jobs do.
      before.push(new CvmfsClaim(`${name}-claim`, { namespace }, { ...parent, dependsOn: [driver] }));
    }
    new CvmfsProbe(`${name}-probe`, { site, namespace }, { ...parent, dependsOn: before });
  }
}
