import { cis, kyverno, kubeLinter, kubesec } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may have a secret in its environment. */
export const noSecretsInEnv: PodPolicy = {
  kind: "pod",
  name: "no-secrets-in-env",
  title: "Secrets as files, not in the environment",
  why: "Every child process and every crash report has the environment; a pilot's children are programs of users.",
  level: "mandatory",
  severity: "medium",
  frameworks: [
    cis("5.4.1"),
    kyverno("disallow-secrets-from-env-vars"),
    kubeLinter("read-secret-from-env-var"),
    kubesec("SecretsAsEnvironmentVariables"),
  ],
  remediation: "Mount the secret as a read-only volume, and read the file.",
  check: (pod) =>
    each(containersOf(pod), (container) => [
      ...each(container.at("env").items, (variable) => {
        const secret = variable.at("valueFrom", "secretKeyRef");
        return secret.present
          ? violation(secret, `${nameOf(container)} has a secret in ${show(variable.at("name"))}`)
          : undefined;
      }),
      ...each(container.at("envFrom").items, (source) => {
        const secret = source.at("secretRef");
        return secret.present
          ? violation(secret, `${nameOf(container)} has secret ${show(secret.at("name"))} in its environment`)
          : undefined;
      }),
    ]),
};
