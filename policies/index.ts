/** The policy pack: what Pulumi starts for `--policy-pack policies`. It only assembles. */
import { PolicyPack } from "@pulumi/policy";
import { allPolicies } from "./all";
import { enginePolicies } from "./model/engineAdapter";
import { defaultSettings } from "./model/settings";

const today = new Date().toISOString().slice(0, "YYYY-MM-DD".length);

new PolicyPack("atlas-site-policies", {
  description: "Rules an ATLAS computing site on Kubernetes is judged by",
  policies: enginePolicies(allPolicies, { settings: defaultSettings, today }),
});
