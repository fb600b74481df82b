/** Under which names others' test corpora file what the pack's policies demand, where the policies' references do not say it. */

const KUBESCAPE: Readonly<Record<string, readonly string[]>> = {
  "rule-privileged-container": ["no-privileged", "no-dangerous-capabilities"],
  "host-pid-ipc-privileges": ["no-host-namespaces"],
  "host-network-access": ["no-host-namespaces"],
  "container-hostPort": ["no-host-ports"],
  "rule-allow-privilege-escalation": ["no-privilege-escalation"],
  "insecure-capabilities": ["no-dangerous-capabilities"],
  "immutable-container-filesystem": ["read-only-root"],
  "non-root-containers": ["run-as-non-root"],
  "rule-credentials-in-env-var": ["no-credentials-in-env", "no-secrets-in-env"],
  "rule-credentials-configmap": ["no-credentials-in-config-map"],
  "automount-service-account": ["no-service-account-token"],
  "exec-into-container-v1": ["no-exec"],
  "alert-rw-hostpath": ["host-path-read-only"],
  "alert-any-hostpath": ["host-path-allow-list"],
  "containers-mounting-docker-socket": ["no-runtime-socket"],
  "resources-memory-limits": ["limits-set"],
  "resources-cpu-requests": ["requests-set"],
  "resources-memory-requests": ["requests-set"],
  "pods-in-default-namespace": ["no-default-namespace"],
  "rule-can-access-proxy-subresource": ["no-node-proxy"],
  "rule-can-create-service-account-token": ["no-token-creation"],
  "rule-can-list-get-secrets-v1": ["no-cluster-wide-secrets", "secrets-by-name"],
  "rule-can-bind-escalate": ["no-privilege-verbs"],
  "rule-can-impersonate-users-groups-v1": ["no-privilege-verbs"],
  "rule-can-approve-cert-signing-request": ["no-certificate-approval"],
};

const GATEKEEPER: Readonly<Record<string, readonly string[]>> = {
  "privileged-containers": ["no-privileged"],
  "host-namespaces": ["no-host-namespaces"],
  "host-network-ports": ["no-host-ports"],
  "allow-privilege-escalation": ["no-privilege-escalation"],
  "proc-mount": ["proc-mount-default"],
  "read-only-root-filesystem": ["read-only-root"],
  seccomp: ["seccomp-runtime-default"],
  apparmor: ["apparmor-not-unconfined"],
  "automount-serviceaccount-token": ["no-service-account-token"],
  "block-nodeport-services": ["no-node-ports"],
  disallowanonymous: ["no-system-subjects"],
  imagedigests: ["image-digest-pinned"],
  disallowedtags: ["no-latest-tag"],
  httpsonly: ["ingress-tls"],
  "host-probes-lifecycle": ["no-probe-host"],
  "host-process": ["no-windows-host-process"],
  "hostprocess-containers": ["no-windows-host-process"],
  verifydeprecatedapi: ["removed-apis"],
};

/** Polaris judges a binding by the role it names; the pack judges the role, and the binding by the role's name. */
const POLARIS: Readonly<Record<string, readonly string[]>> = {
  clusterrolebindingClusterAdmin: ["no-cluster-admin", "no-wildcards"],
  rolebindingClusterAdminClusterRole: ["no-cluster-admin", "no-wildcards"],
  rolebindingClusterAdminRole: ["no-cluster-admin", "no-wildcards"],
  clusterrolebindingPodExecAttach: ["no-exec"],
  rolebindingClusterRolePodExecAttach: ["no-exec"],
  rolebindingRolePodExecAttach: ["no-exec"],
};

const KUBE_LINTER: Readonly<Record<string, readonly string[]>> = {
  "configmap-with-credentials": ["no-credentials-in-config-map"],
  "automount-service-account-token": ["no-service-account-token"],
  "bind-verb-in-role": ["no-privilege-verbs"],
  "escalate-verb-in-role": ["no-privilege-verbs"],
  "cluster-wide-secrets-access": ["no-cluster-wide-secrets"],
  "approve-signers-without-resource-names": ["no-certificate-approval"],
  "container-runtime-sock": ["no-runtime-socket"],
  "image-not-pinned-by-digest": ["image-digest-pinned"],
  "drop-net-raw-capability": ["no-dangerous-capabilities"],
  "impersonate-without-resource-names": ["no-privilege-verbs"],
  "wildcard-resource-verb-combo": ["no-wildcards"],
  "exposed-services": ["no-node-ports"],
  "unsafe-proc-mount": ["no-unmasked-proc"],
  "use-namespace": ["no-default-namespace"],
};

const KYVERNO: Readonly<Record<string, readonly string[]>> = {
  "disallow-host-ports-range": ["no-host-ports"],
  "restrict-service-external-ips": ["no-external-ips"],
  "restrict-clusterrole-nodesproxy": ["no-node-proxy"],
  "check-deprecated-apis": ["removed-apis"],
};

/** Checkov has a folder `example_` for each check. */
const CHECKOV: Readonly<Record<string, readonly string[]>> = {
  example_AllowPrivilegeEscalation: ["no-privilege-escalation"],
  example_AllowedCapabilitiesSysAdmin: ["no-dangerous-capabilities"],
  example_ApiServerAnonymousAuth: ["anonymous-requests"],
  example_ApiServerAuthorizationModeNode: ["api-server-authorization"],
  example_ApiServerAuthorizationModeNotAlwaysAllow: ["api-server-authorization"],
  example_ApiServerAuthorizationModeRBAC: ["api-server-authorization"],
  example_ApiServerBasicAuthFile: ["api-server-authentication"],
  example_ApiServerTokenAuthFile: ["api-server-authentication"],
  example_ApiServerEncryptionProviders: ["encryption-at-rest"],
  example_ApiServerProfiling: ["profiling-off"],
  example_DockerSocketVolume: ["no-runtime-socket"],
  example_HostPort: ["no-host-ports"],
  example_ImageDigest: ["image-digest-pinned"],
  example_ImageTagFixed: ["no-latest-tag"],
  example_PrivilegedContainers: ["no-privileged"],
  example_ReadOnlyFilesystem: ["read-only-root"],
  example_RootContainers: ["run-as-non-root"],
  example_Seccomp: ["seccomp-runtime-default"],
  example_Secrets: ["no-secrets-in-env"],
  example_ServiceAccountTokens: ["no-service-account-token"],
  example_ShareHostIPC: ["no-host-namespaces"],
  example_ShareHostPID: ["no-host-namespaces"],
  example_SharedHostNetworkNamespace: ["no-host-namespaces"],
  example_WildcardRoles: ["no-wildcards"],
};

/** Names of controls and rules, each with the policies that together demand the same. */
export const sameAs: Readonly<Record<string, readonly string[]>> = {
  ...KUBESCAPE,
  ...GATEKEEPER,
  ...POLARIS,
  ...KUBE_LINTER,
  ...KYVERNO,
  ...CHECKOV,
};

/** Names of checks whose verdicts say nothing about the pack, each with the reason. */
export const notComparable: Readonly<Record<string, string>> = {
  linuxHardening: "it is content with any one of four means; the pack demands each by a policy of its own",
  missingNetworkPolicy:
    "it wants a policy that opens something to the pod; the pack wants one that closes the namespace",
  cpuLimitsMissing: "the pack asks for no limit on CPU: it would only waste cores that are idle",
  cpuLimitsRange: "the pack asks for no limit on CPU: it would only waste cores that are idle",
  "resources-cpu-limits": "the pack asks for no limit on CPU: it would only waste cores that are idle",
  "enforce-pod-duration": "it reads an annotation; the pack reads activeDeadlineSeconds",
  "require-probes": "it wants any one probe, of bare pods too; the pack wants two, of services",
  pullPolicyNotAlways: "images are named by digest, so pulling them anew brings nothing",
  "linux-hardening": "it is content with any one of four means; the pack demands each by a policy of its own",
  "env-var-value-from": "it asks whether the secret or config map is in the same files",
  "aggregate-to-admin-escalation": "it reads a label of the role; the pack judges what the role allows",
  "deletecollection-verb-in-role": "the pack lets it pass: Harvester may delete its jobs so",
  "priority-class-name": "it asks for a name of its list; the pack asks for any, of batch pods",
  "no-liveness-probe": "it wants one probe, of every pod; the pack wants two, of services",
  "no-readiness-probe": "it wants one probe, of every pod; the pack wants two, of services",
  "no-extensions-v1beta": "good and bad stand in one file with nothing to tell them by",
  "pdb-max-unavailable": "it looks for budgets that forbid every drain; the pack asks where one is missing",
  "pdb-min-available": "it looks for budgets that forbid every drain; the pack asks where one is missing",
  "projected-token-long-expiration": "it asks how long a token lives; the pack lets no batch pod have one",
  example_DefaultServiceAccount: "it reads the account; the pack reads the pods that use it",
  example_DropCapabilities: "it is content with one capability dropped; the pack wants all of them dropped",
  "require-drop-cap-net-raw": "it is content with one capability dropped; the pack wants all of them dropped",
  "host-filesystem": "its verdicts depend on the folders that its constraint allows",
};
