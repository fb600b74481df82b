import * as pulumi from "@pulumi/pulumi";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretKey } from "./configKeys";
import type { CloudIdentity } from "../../components/cluster/magnum/identity";
import { cloudIdentity } from "./cloudIdentity";
import { loadSite, siteFromConfig } from "./load";
import type { Site } from "./site";

/**
 * The site of the stack that runs: from its stack file, which knows lines, or from configuration that came without one.
 * @throws SiteError with every problem of the site file at once
 */
export function currentSite(): Site {
  const stack = pulumi.getStack();
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  if (existsSync(file)) {
    return loadSite(stack, readFileSync(file), file);
  }
  const config = new pulumi.Config();
  return siteFromConfig((section) => config.getObject(section));
}

/**
 * A secret of the site: a key of its own beside the sections.
 * @returns undefined where the stack has none; whoever needs it says how to set it
 */
export function secretSetting(key: SecretKey): pulumi.Output<string> | undefined {
  return new pulumi.Config().getSecret(key);
}

/** The OpenStack credentials of this run: the same that the provider finds. */
export function currentIdentity(): CloudIdentity {
  return cloudIdentity(process.env);
}
