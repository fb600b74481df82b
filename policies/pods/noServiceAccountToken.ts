import { cis, nsa, kyverno, polaris, kubesec } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";

/** A batch pod must not have a token for the API. */
export const noServiceAccountToken: PodPolicy = {
  kind: "pod",
  name: "no-service-account-token",
  title: "No API token in batch pods",
  why: "Payload has nothing to ask of the API server; a token is a key to whatever somebody later grants its account.",
  level: "mandatory",
  severity: "high",
  workload: "batch",
  frameworks: [
    cis("5.1.6"),
    nsa("C-0034"),
    kyverno("restrict-automount-sa-token"),
    polaris("automountServiceAccountToken"),
    kubesec("AutomountServiceAccountToken"),
  ],
  remediation:
    "Set automountServiceAccountToken: false on the pod, and project neither serviceAccountToken nor podCertificate.",
  check: (pod) => [
    ...each([pod.spec.at("automountServiceAccountToken")], (mount) =>
      mount.is(false) ? undefined : violation(mount, "the pod mounts its account's token"),
    ),
    ...each(
      pod.spec.at("volumes").items.flatMap((volume) => volume.at("projected", "sources").items),
      (source) => {
        const [token, certificate] = [source.at("serviceAccountToken"), source.at("podCertificate")];
        return [
          ...(token.present ? [violation(token, "a volume projects the account's token")] : []),
          ...(certificate.present ? [violation(certificate, "a volume projects a certificate of the pod")] : []),
        ];
      },
    ),
  ],
};
