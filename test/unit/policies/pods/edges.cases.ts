import { apparmorNotUnconfined } from "../../../../policies/pods/apparmorNotUnconfined";
import { cvmfsFollowsMounts } from "../../../../policies/pods/cvmfsFollowsMounts";
import { hostPathAllowList } from "../../../../policies/pods/hostPathAllowList";
import { hostPathReadOnly } from "../../../../policies/pods/hostPathReadOnly";
import { imageDigestPinned } from "../../../../policies/pods/imageDigestPinned";
import { limitsSet } from "../../../../policies/pods/limitsSet";
import { noControlPlaneToleration } from "../../../../policies/pods/noControlPlaneToleration";
import { noCredentialsInConfigMap } from "../../../../policies/pods/noCredentialsInConfigMap";
import { noCredentialsInEnv } from "../../../../policies/pods/noCredentialsInEnv";
import { requestsSet } from "../../../../policies/pods/requestsSet";
import { job, pod, type MoreCases } from "../policyCases";

const context = (text: string) => pod(`containers: [{ name: a, securityContext: { ${text} } }]`);
const annotated = (value: string, key = "container.apparmor.security.beta.kubernetes.io/a") =>
  pod("containers: [{ name: a }]", "").replace("metadata: {", `metadata: { annotations: { ${key}: ${value} },`);
const folder = (path: string) => pod(`volumes: [{ name: v, hostPath: { path: ${path} } }]`);
const tolerates = (toleration: string) => job(`tolerations: [${toleration}]\ncontainers: [{ name: a }]`);
const DIGEST = `sha256:${"a".repeat(64)}`;

/** Edges of the policies on pods. */
export const more: readonly MoreCases[] = [
  {
    policy: apparmorNotUnconfined,
    pass: {
      "the runtime's own": context("appArmorProfile: { type: RuntimeDefault }"),
      "one of the node": context("appArmorProfile: { type: Localhost, localhostProfile: p }"),
      "another annotation": annotated("unconfined", "example.org/apparmor"),
      "an annotation of the node's profile": annotated("localhost/my-profile"),
      "an empty annotation": annotated("''"),
    },
  },
  {
    policy: hostPathReadOnly,
    pass: {
      "a volume that is no folder": pod(
        "containers: [{ name: a, volumeMounts: [{ name: v, mountPath: /x }] }]\nvolumes: [{ name: v, emptyDir: {} }, { name: w, hostPath: { path: /w } }]",
      ),
    },
  },
  {
    policy: cvmfsFollowsMounts,
    notApplicable: {
      "a folder whose path nobody says": pod(
        "containers: [{ name: a, volumeMounts: [{ name: v, mountPath: /x }] }]\nvolumes: [{ name: v, hostPath: {} }]",
      ),
    },
  },
  {
    policy: hostPathAllowList,
    fail: {
      "a path without a slash before it": { given: folder("cvmfs"), tells: '"cvmfs"' },
      "a detour that stays on the spot": {
        given: folder("/data/./x/./y"),
        tells: '"/data/./x/./y"',
        settings: { hostPaths: ["/data/*"] },
      },
    },
    pass: {
      "a detour that stays where it is": { given: folder("/data/./x"), settings: { hostPaths: ["/data/*"] } },
    },
  },
  {
    policy: imageDigestPinned,
    pass: {
      "volumes of other kinds beside": pod(
        `volumes: [{ name: v, emptyDir: {} }, { name: w, image: { reference: "i@${DIGEST}" } }]\ncontainers: []`,
      ),
    },
    unknown: {
      "a volume": pod("volumes: [!unknown x, { name: v, emptyDir: {} }]\ncontainers: [{ name: a, image: !unknown x }]"),
    },
  },
  {
    policy: limitsSet,
    pass: { "of the pod": pod("resources: { limits: { memory: 1Gi } }\ncontainers: [{ name: a }, { name: b }]") },
    fail: {
      "of CPU alone": {
        given: pod("resources: { limits: { cpu: 1 } }\ncontainers: [{ name: a }]"),
        tells: "no memory limit",
      },
      "requests of the pod": {
        given: pod("resources: { requests: { memory: 1 } }\ncontainers: [{ name: a }]"),
        tells: "spec.containers[0].resources.limits.memory",
      },
    },
  },
  {
    policy: requestsSet,
    fail: {
      "nothing, by its place": {
        given: pod("containers: [{ name: a, resources: { requests: { cpu: 1 } } }]"),
        tells: 'spec.containers[0].resources.requests.memory: container "a" requests no memory',
      },
    },
  },
  {
    policy: noControlPlaneToleration,
    pass: {
      "every taint that evicts": tolerates("{ operator: Exists, effect: NoExecute }"),
      "every value of a key that is empty, which is none": tolerates("{ key: '', operator: Equal, value: a }"),
    },
    fail: {
      "the older taint": {
        given: tolerates("{ key: node-role.kubernetes.io/master, operator: Exists }"),
        tells: '"node-role.kubernetes.io/master"',
      },
      "the taint by name, also where it evicts": {
        given: tolerates("{ key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoExecute }"),
        tells: "the pod tolerates",
      },
      "every taint that keeps pods away": {
        given: tolerates("{ operator: Exists, effect: NoSchedule }"),
        tells: "the pod tolerates every taint",
      },
      "every taint by an empty key": { given: tolerates("{ key: '', operator: Exists }"), tells: "every taint" },
    },
  },
  {
    policy: noCredentialsInConfigMap,
    fail: {
      "in base64, as binary data is written": {
        given: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\nbinaryData: { app.conf: ${Buffer.from(
          "db_password = Tr0ub4dor&3\nport = 1\n",
        ).toString("base64")} }\n`,
        tells: "binaryData",
      },
    },
    pass: {
      "binary data that is none": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\nbinaryData: { password_list: ${Buffer.from(
        "/a/path",
      ).toString("base64")} }\n`,
    },
  },
  {
    policy: noCredentialsInEnv,
    pass: { "a command without one": pod("containers: [{ name: a, command: [sh, -c], args: [echo hello] }]") },
    fail: {
      "in a command": {
        given: pod("containers: [{ name: a, command: [prog, '--password=Tr0ub4dor3'] }]"),
        tells: "spec.containers[0].command[1]",
      },
      "in an argument": {
        given: pod("containers: [{ name: a, args: ['--password=Tr0ub4dor3'] }]"),
        tells: "spec.containers[0].args[0]",
      },
    },
  },
];
