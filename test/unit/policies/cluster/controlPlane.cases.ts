import { anonymousRequests } from "../../../../policies/cluster/anonymousRequests";
import { apiServerAdmission } from "../../../../policies/cluster/apiServerAdmission";
import { apiServerAuthentication } from "../../../../policies/cluster/apiServerAuthentication";
import { apiServerAuthorization } from "../../../../policies/cluster/apiServerAuthorization";
import { auditLogKept } from "../../../../policies/cluster/auditLogKept";
import { encryptionAtRest } from "../../../../policies/cluster/encryptionAtRest";
import { kubernetesSupported } from "../../../../policies/cluster/kubernetesSupported";
import { profilingOff } from "../../../../policies/cluster/profilingOff";
import { pod, type PolicyCases } from "../policyCases";

type Flags = Readonly<Record<string, string>>;

/** kubeadm's configuration with these flags of the API server, in its newest form. */
function kubeadm(apiServer: Flags, more = ""): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer: { extraArgs: [${listed(apiServer)}] }\n${more}`;
}

function listed(flags: Flags): string {
  return Object.entries(flags)
    .map(([name, value]) => `{ name: ${name}, value: ${value} }`)
    .join(", ");
}

/** The same in kubeadm's older form. */
function olderKubeadm(apiServer: Flags): string {
  const args = Object.entries(apiServer).map(([name, value]) => `${name}: ${value}`);
  return `apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\napiServer: { extraArgs: { ${args.join(", ")} } }\n`;
}

/** The pod that runs the API server with these words. */
function apiServerPod(...words: readonly string[]): string {
  return pod(
    `containers: [{ name: a, command: [/usr/bin/kube-apiserver, ${words.map((word) => `"${word}"`).join(", ")}] }]`,
  );
}

const OTHER_POD = pod("containers: [{ name: a, command: [sleep, '1'] }]");
const UNKNOWN_ARGS =
  "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer: { extraArgs: !unknown x }\n";

const rest = { notApplicable: { "another pod": OTHER_POD }, unknown: { "the flags": UNKNOWN_ARGS } };

/** Cases of the policies on the control plane's flags. */
export const cases: readonly PolicyCases[] = [
  {
    policy: apiServerAuthentication,
    pass: {
      "none of the flags": kubeadm({ profiling: "'false'" }),
      "the insecure port off": apiServerPod("--insecure-port=0"),
    },
    fail: {
      "tokens of a file": {
        given: kubeadm({ "token-auth-file": "/t.csv" }),
        tells: "apiServer.extraArgs[0].value: --token-auth-file is given",
      },
      "in kubeadm's older form": {
        given: olderKubeadm({ "token-auth-file": "/t.csv" }),
        tells: "--token-auth-file is given",
      },
      "by a pod, in two words": {
        given: apiServerPod("--secure-port=6443", "--basic-auth-file", "/p"),
        tells: "spec.containers[0].command[2]: --basic-auth-file is given",
      },
      "an insecure port": { given: apiServerPod("--insecure-port=8080"), tells: "the insecure port is 8080" },
    },
    ...rest,
  },
  {
    policy: apiServerAuthorization,
    pass: {
      "kubeadm's default": kubeadm({}),
      "said by a pod": apiServerPod("--authorization-mode=Node,RBAC"),
    },
    fail: {
      "the program's own default": { given: apiServerPod("--secure-port=6443"), tells: "the modes are AlwaysAllow" },
      "without Node": { given: kubeadm({ "authorization-mode": "RBAC" }), tells: "the modes are RBAC" },
      "AlwaysAllow behind": {
        given: kubeadm({ "authorization-mode": "'Node,RBAC,AlwaysAllow'" }),
        tells: "AlwaysAllow",
      },
    },
    notApplicable: { ...rest.notApplicable, "a file of its own": kubeadm({ "authorization-config": "/a.yaml" }) },
    unknown: rest.unknown,
  },
  {
    policy: apiServerAdmission,
    pass: {
      "kubeadm's default": kubeadm({}),
      "said by a pod": apiServerPod("--enable-admission-plugins=NodeRestriction"),
    },
    fail: {
      "without NodeRestriction": {
        given: kubeadm({ "enable-admission-plugins": "AlwaysPullImages" }),
        tells: "NodeRestriction is not enabled",
      },
      AlwaysAdmit: {
        given: kubeadm({ "enable-admission-plugins": "'NodeRestriction,AlwaysAdmit'" }),
        tells: "AlwaysAdmit is enabled",
      },
      "PodSecurity off": {
        given: kubeadm({ "disable-admission-plugins": "'PodSecurity,DefaultIngressClass'" }),
        tells: "PodSecurity is disabled",
      },
    },
    ...rest,
  },
  {
    policy: anonymousRequests,
    pass: {
      off: kubeadm({ "anonymous-auth": "'false'" }),
      "limited by a configuration": kubeadm({ "authentication-config": "/a.yaml" }),
    },
    fail: {
      "by default": { given: kubeadm({}), tells: "anonymous requests reach every path" },
      "on purpose": { given: apiServerPod("--anonymous-auth"), tells: "spec.containers[0].command[1]" },
    },
    ...rest,
  },
  {
    policy: auditLogKept,
    pass: {
      "90 days": kubeadm({ "audit-policy-file": "/p", "audit-log-path": "/l", "audit-log-maxage": "'90'" }),
      "for ever": kubeadm({ "audit-policy-file": "/p", "audit-log-path": "/l", "audit-log-maxage": "'0'" }),
      "sent elsewhere": kubeadm({ "audit-policy-file": "/p", "audit-webhook-config-file": "/w" }),
    },
    fail: {
      "no log": { given: kubeadm({ "audit-policy-file": "/p" }), tells: "--audit-log-path is not given" },
      "no policy": { given: apiServerPod("--audit-log-path=/l"), tells: "--audit-policy-file is not given" },
      "a month": {
        given: kubeadm({ "audit-policy-file": "/p", "audit-log-path": "/l", "audit-log-maxage": "'30'" }),
        tells: "logs are kept for 30 of 90 days",
      },
      "less than the site asks": {
        given: kubeadm({ "audit-policy-file": "/p", "audit-log-path": "/l", "audit-log-maxage": "'90'" }),
        tells: "90 of 180 days",
        settings: { auditDays: 180 },
      },
    },
    ...rest,
  },
  {
    policy: encryptionAtRest,
    pass: { "a configuration": kubeadm({ "encryption-provider-config": "/e" }) },
    fail: { none: { given: kubeadm({}), tells: "apiServer.extraArgs: --encryption-provider-config is not given" } },
    ...rest,
  },
  {
    policy: profilingOff,
    pass: {
      everywhere: kubeadm(
        { profiling: "'false'" },
        "controllerManager: { extraArgs: [{ name: profiling, value: 'false' }] }\nscheduler: { extraArgs: [{ name: profiling, value: 'false' }] }\n",
      ),
      "a scheduler that reads its own file": kubeadm(
        { profiling: "'false'" },
        "controllerManager: { extraArgs: [{ name: profiling, value: 'false' }] }\nscheduler: { extraArgs: [{ name: config, value: /s }] }\n",
      ),
    },
    fail: {
      "by default": { given: kubeadm({}), tells: "kube-controller-manager offers profiles" },
      "the API server": { given: apiServerPod("--profiling=true"), tells: "kube-apiserver offers profiles" },
    },
    notApplicable: rest.notApplicable,
    unknown: {
      "the API server's flags": `${UNKNOWN_ARGS}controllerManager: { extraArgs: { profiling: 'false' } }\nscheduler: { extraArgs: { profiling: 'false' } }\n`,
    },
  },
  {
    policy: kubernetesSupported,
    pass: {
      "the day before its last": {
        given: "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.36.3\n",
        settings: { today: "2027-06-28" },
      },
    },
    fail: {
      "the day after": {
        given: "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.36.3\n",
        tells: "support of 1.36 ended on 2027-06-28",
        settings: { today: "2027-06-29" },
      },
      "whatever is stable": {
        given: "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: stable-1\n",
        tells: '"stable-1" is no fixed version',
      },
    },
    notApplicable: {
      "a version whose end nobody knows": {
        given: "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.99.0\n",
        settings: { today: "2027-06-29" },
      },
      "another pod": OTHER_POD,
    },
    unknown: {
      "the version": "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: !unknown x\n",
    },
  },
];
