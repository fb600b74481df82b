import { cis, kubeLinter, kubesec } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";

/** A pod may not use the default account's token. */
export const noDefaultServiceAccount: PodPolicy = {
  kind: "pod",
  name: "no-default-service-account",
  title: "An account of its own for who talks to the API",
  why: "What is granted to the default account is granted to every pod of the namespace that says nothing.",
  level: "mandatory",
  severity: "medium",
  frameworks: [cis("5.1.5"), kubeLinter("default-service-account"), kubesec("ServiceAccountName")],
  remediation: "Set serviceAccountName to an account made for this pod, or automountServiceAccountToken: false.",
  check: (pod) =>
    each([pod.spec.at("serviceAccountName")], (account) => {
      const name = account.present ? account : pod.spec.at("serviceAccount");
      const usesDefault = !name.present || name.is("") || name.is("default");
      return usesDefault && !pod.spec.at("automountServiceAccountToken").is(false)
        ? violation(account, "the pod uses the default account and its token")
        : undefined;
    }),
};
