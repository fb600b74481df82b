import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { CinderVolumes } from "./CinderVolumes";
import { LocalVolumes } from "./LocalVolumes";
import { planLocalVolumes } from "./plan";

/** What `Storage` is made from. */
export interface StorageArgs {
  /** The whole site: its storage section, and the pools volumes lie on. */
  site: Site;
  /** The drivers' `cloud.conf`, secret key `atlas-site:cloudCredentials`; needed by class cinder alone. */
  credentials?: pulumi.Input<string>;
}

/** Where volumes of the site's services come from; with class `none` or `existing` there is nothing to make. */
export class Storage extends pulumi.ComponentResource {
  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:storage:Storage", name, {}, opts);
    const { site, credentials } = args;
    if (site.storage.class === "local") {
      new LocalVolumes(`${name}-local`, { volumes: planLocalVolumes(site) }, { parent: this });
    }
    if (site.storage.class === "cinder") {
      if (credentials === undefined) {
        throw new Error(
          "storage.class cinder needs the drivers' cloud.conf; set it by: " +
            "pulumi config set --secret atlas-site:cloudCredentials < cloud.conf",
        );
      }
      const { volumeType } = site.storage;
      const { name: siteName, registryPrefix } = site.site;
      new CinderVolumes(`${name}-cinder`, { siteName, credentials, volumeType, registryPrefix }, { parent: this });
    }
    this.registerOutputs({});
  }
}
