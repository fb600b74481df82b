import * as pulumi from "@pulumi/pulumi";
import type { Storage as StorageSection } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import { CinderVolumes } from "./CinderVolumes";
import { LocalVolumes } from "./LocalVolumes";
import { planLocalVolumes } from "./plan";

/** What `Storage` is made from. */
export interface StorageArgs extends Pick<SiteContext, "site" | "capabilities"> {
  /** The stack file's storage section. */
  storage: StorageSection;
  /** The drivers' `cloud.conf`, secret key `atlas-site:cloudCredentials`; needed by class cinder alone. */
  credentials?: pulumi.Input<string>;
}

/** Where volumes of the site's services come from; with class `none` or `existing` there is nothing to make. */
export class Storage extends pulumi.ComponentResource {
  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:storage:Storage", name, {}, opts);
    const { site, storage, credentials } = args;
    if (storage.class === "local") {
      new LocalVolumes(`${name}-local`, { volumes: planLocalVolumes(args, storage) }, { parent: this });
    }
    if (storage.class === "cinder") {
      if (credentials === undefined) {
        throw new Error(
          "storage.class cinder needs the drivers' cloud.conf; set it by: " +
            "pulumi config set --secret atlas-site:cloudCredentials < cloud.conf",
        );
      }
      const { volumeType } = storage;
      const { name: siteName, registryPrefix } = site;
      new CinderVolumes(`${name}-cinder`, { siteName, credentials, volumeType, registryPrefix }, { parent: this });
    }
    this.registerOutputs({});
  }
}
