import { kubeletAuthentication } from "../../../../policies/cluster/kubeletAuthentication";
import { kubeletKernelDefaults } from "../../../../policies/cluster/kubeletKernelDefaults";
import { kubeletPidsLimit } from "../../../../policies/cluster/kubeletPidsLimit";
import { kubeletReadOnlyPort } from "../../../../policies/cluster/kubeletReadOnlyPort";
import { kubeletReservations } from "../../../../policies/cluster/kubeletReservations";
import { kubeletRotatesCertificates } from "../../../../policies/cluster/kubeletRotatesCertificates";
import { kubeletSeccompDefault } from "../../../../policies/cluster/kubeletSeccompDefault";
import { kubeletServingCertificate } from "../../../../policies/cluster/kubeletServingCertificate";
import type { ObjectPolicy } from "../../../../policies/model/policy";
import { pod, type PolicyCases } from "../policyCases";

function kubelet(body: string): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${body}\n`;
}

const notApplicable = { "a pod": pod("containers: []") };

/** A switch that must be on. */
function switchCases(policy: ObjectPolicy, key: string, tells: string): PolicyCases {
  return {
    policy,
    pass: { on: kubelet(`${key}: true`) },
    fail: {
      off: { given: kubelet(`${key}: false`), tells: `${key}: ${tells}` },
      "not said": { given: kubelet(""), tells: `${key}: ${tells}` },
    },
    notApplicable,
    unknown: { "the switch": kubelet(`${key}: !unknown x`) },
  };
}

/** Cases of the policies on the kubelet's configuration. */
export const cases: readonly PolicyCases[] = [
  switchCases(kubeletRotatesCertificates, "rotateCertificates", "client certificates are not renewed"),
  switchCases(kubeletServingCertificate, "serverTLSBootstrap", "serving certificates are signed by the kubelets"),
  switchCases(kubeletSeccompDefault, "seccompDefault", "containers that name no profile run unconfined"),
  switchCases(kubeletKernelDefaults, "protectKernelDefaults", "the kubelet changes kernel settings"),
  {
    policy: kubeletAuthentication,
    pass: {
      "the defaults": kubelet(""),
      "said again": kubelet("authentication: { anonymous: { enabled: false }, webhook: { enabled: true } }"),
    },
    fail: {
      anonymous: {
        given: kubelet("authentication: { anonymous: { enabled: true } }"),
        tells: "authentication.anonymous.enabled: anonymous clients are served",
      },
      "tokens unchecked": {
        given: kubelet("authentication: { webhook: { enabled: false } }"),
        tells: "tokens are not checked",
      },
      "everything allowed": {
        given: kubelet("authorization: { mode: AlwaysAllow }"),
        tells: "the mode is AlwaysAllow",
      },
    },
    notApplicable,
    unknown: { "the mode": kubelet("authorization: { mode: !unknown x }") },
  },
  {
    policy: kubeletReadOnlyPort,
    pass: { "the default": kubelet(""), off: kubelet("readOnlyPort: 0") },
    fail: { on: { given: kubelet("readOnlyPort: 10255"), tells: "readOnlyPort: the port is 10255" } },
    notApplicable,
    unknown: { "the port": kubelet("readOnlyPort: !unknown x") },
  },
  {
    policy: kubeletPidsLimit,
    pass: { "a limit": kubelet("podPidsLimit: 8192") },
    fail: {
      none: { given: kubelet(""), tells: "podPidsLimit: the limit is not set" },
      "none, on purpose": { given: kubelet("podPidsLimit: -1"), tells: "the limit is -1" },
    },
    notApplicable,
    unknown: { "the limit": kubelet("podPidsLimit: !unknown x") },
  },
  {
    policy: kubeletReservations,
    pass: { both: kubelet("kubeReserved: { cpu: 1, memory: 1Gi }\nsystemReserved: { cpu: 1, memory: 1Gi }") },
    fail: {
      "no memory for the system": {
        given: kubelet("kubeReserved: { cpu: 1, memory: 1Gi }\nsystemReserved: { cpu: 1 }"),
        tells: "systemReserved: systemReserved has no memory",
      },
      none: { given: kubelet(""), tells: "kubeReserved has no cpu and no memory" },
    },
    notApplicable,
    unknown: { "what is reserved": kubelet("kubeReserved: !unknown x") },
  },
];
