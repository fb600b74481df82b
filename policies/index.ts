/** The policy pack: what Pulumi starts for `--policy-pack policies`. It only assembles. */
import { PolicyPack } from "@pulumi/policy";
import { allPolicies } from "./all";
import { runByUrn } from "./config/load";
import { enginePolicies } from "./model/engineAdapter";

const today = new Date().toISOString().slice(0, "YYYY-MM-DD".length);

new PolicyPack("atlas-site-policies", {
  description: "Rules an ATLAS computing site on Kubernetes is judged by",
  policies: enginePolicies(allPolicies, runByUrn(process.cwd(), today)),
});
