import { nsa, kubeLinter, polaris } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";
import { credentialIn } from "./credentials";

/** No container may have a credential written into its environment or its command. */
export const noCredentialsInEnv: PodPolicy = {
  kind: "pod",
  name: "no-credentials-in-env",
  title: "No credentials in clear",
  why: "Whoever may read pods, or the site's repository, has them.",
  level: "mandatory",
  severity: "critical",
  frameworks: [nsa("C-0012"), polaris("sensitiveContainerEnvVar"), kubeLinter("env-var-secret")],
  remediation: "Put the value into a Secret and mount it as a file; replace what has been seen.",
  check: (pod) =>
    each(containersOf(pod), (container) => [
      ...each(container.at("env").items, (variable) => {
        const value = variable.at("value");
        const looksLike = credentialIn(variable.at("name").text ?? "", value.text ?? "");
        return looksLike === undefined
          ? undefined
          : violation(value, `${nameOf(container)} has ${looksLike} in ${show(variable.at("name"))}`);
      }),
      ...each([...container.at("command").items, ...container.at("args").items], (word) => {
        const looksLike = credentialIn("", word.text ?? "");
        return looksLike === undefined
          ? undefined
          : violation(word, `${nameOf(container)} has ${looksLike} in its command`);
      }),
    ]),
};
