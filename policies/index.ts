/** The policy pack: what Pulumi starts for `--policy-pack policies`. It only assembles. */
import { PolicyPack } from "@pulumi/policy";
import { allPolicies } from "./all";
import { runByUrn } from "./config/load";
import { enginePolicies } from "./model/engineAdapter";

const today = new Date().toISOString().slice(0, "YYYY-MM-DD".length);

const project = process.cwd();
// The SDK reads the pack's version from the package.json of the folder it runs in, which is the project's, if that has one.
process.chdir(__dirname);

new PolicyPack("atlas-site-policies", {
  description: "Rules an ATLAS computing site on Kubernetes is judged by",
  policies: enginePolicies(allPolicies, runByUrn(project, today)),
});
