import { limitsSet } from "../../../../policies/pods/limitsSet";
import { noRootGroup } from "../../../../policies/pods/noRootGroup";
import { noRootUser } from "../../../../policies/pods/noRootUser";
import { readOnlyRoot } from "../../../../policies/pods/readOnlyRoot";
import { requestsSet } from "../../../../policies/pods/requestsSet";
import { runAsNonRoot } from "../../../../policies/pods/runAsNonRoot";
import { serviceProbes } from "../../../../policies/pods/serviceProbes";
import { wholeCoreRequests } from "../../../../policies/pods/wholeCoreRequests";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const requesting = (resources: string) => `containers: [{ name: a, resources: ${resources} }]`;
const deployment = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nspec: { template: { spec: { containers: [${container}] } } }`;
const probed = "{ name: a, readinessProbe: { exec: {} }, livenessProbe: { exec: {} } }";

/** Cases of the policies on users, on room and on signs of life. */
export const cases: readonly PolicyCases[] = [
  {
    policy: runAsNonRoot,
    pass: {
      "from the pod": pod("securityContext: { runAsNonRoot: true }\ncontainers: [{ name: a }]"),
      "each by itself": pod("containers: [{ securityContext: { runAsNonRoot: true } }]"),
      "users of its own": pod("hostUsers: false\ncontainers: [{ name: a }]"),
    },
    fail: {
      "nothing said": { given: pod("containers: [{ name: a }]"), tells: "has runAsNonRoot: true" },
      "taken back": {
        given: pod(
          "securityContext: { runAsNonRoot: true }\ncontainers: [{ name: a, securityContext: { runAsNonRoot: false } }]",
        ),
        tells: "spec.containers[0].securityContext.runAsNonRoot",
      },
      "users of its own, before 1.35": {
        given: pod("hostUsers: false\ncontainers: [{ name: a }]"),
        tells: "runAsNonRoot",
        settings: { podSecurityVersion: "1.34" },
      },
      "a template in a ConfigMap": {
        given: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  job.yaml: |\n${job("containers: [{ name: a }]").replace(/^/gm, "    ")}`,
        tells: 'data["job.yaml"].spec.template.spec.containers[0]',
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "what the pod says": pod("securityContext: !unknown\ncontainers: [{ name: a }]") },
  },
  {
    policy: noRootGroup,
    pass: {
      "other groups": pod("securityContext: { runAsGroup: 1, fsGroup: 2, supplementalGroups: [3] }\ncontainers: [{}]"),
      "nothing said": pod("containers: [{}]"),
      "users of its own": pod("hostUsers: false\nsecurityContext: { runAsGroup: 0 }\ncontainers: [{}]"),
    },
    fail: {
      "the pod": { given: pod("securityContext: { runAsGroup: 0 }"), tells: "spec.securityContext.runAsGroup" },
      "a container": {
        given: pod("containers: [{ name: a, securityContext: { runAsGroup: 0 } }]"),
        tells: 'container "a" runs in group 0',
      },
      "the group of its volumes": {
        given: pod("securityContext: { fsGroup: 0 }"),
        tells: "spec.securityContext.fsGroup",
      },
      "one group of several": {
        given: pod("securityContext: { supplementalGroups: [1, 0] }"),
        tells: "spec.securityContext.supplementalGroups[1]",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: {
      "which group": pod("securityContext: { runAsGroup: !unknown }"),
      "which groups": pod("securityContext: { supplementalGroups: !unknown }"),
    },
  },
  {
    policy: noRootUser,
    pass: { "another user": pod("securityContext: { runAsUser: 1000 }"), "nothing said": pod("containers: [{}]") },
    fail: {
      "the pod": { given: pod("securityContext: { runAsUser: 0 }"), tells: "spec.securityContext.runAsUser" },
      "a container": { given: pod("containers: [{ name: a, securityContext: { runAsUser: 0 } }]"), tells: "user 0" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which user": pod("securityContext: { runAsUser: !unknown }") },
  },
  {
    policy: readOnlyRoot,
    pass: { "read-only": pod("containers: [{ securityContext: { readOnlyRootFilesystem: true } }]") },
    fail: { "nothing said": { given: pod("containers: [{ name: a }]"), tells: "readOnlyRootFilesystem" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { whether: pod("containers: [{ securityContext: { readOnlyRootFilesystem: !unknown } }]") },
  },
  {
    policy: requestsSet,
    pass: {
      "both, one as a limit": pod(requesting("{ requests: { cpu: 1 }, limits: { memory: 1Gi } }")),
      "of the pod": pod("resources: { requests: { cpu: 1, memory: 1Gi } }\ncontainers: [{ name: a }]"),
      "an init container needs none": pod(
        `${requesting("{ requests: { cpu: 1, memory: 1Gi } }")}\ninitContainers: [{ name: i }]`,
      ),
      "a job with disk": job(requesting("{ requests: { cpu: 1, memory: 1Gi, ephemeral-storage: 9Gi } }")),
    },
    fail: {
      "no memory": { given: pod(requesting("{ requests: { cpu: 1 } }")), tells: "requests no memory" },
      "a job without disk": {
        given: job(requesting("{ requests: { cpu: 1, memory: 1Gi } }")),
        tells: "requests no ephemeral-storage",
      },
      "a sidecar": {
        given: pod(
          `${requesting("{ requests: { cpu: 1, memory: 1Gi } }")}\ninitContainers: [{ name: s, restartPolicy: Always }]`,
        ),
        tells: 'container "s" requests no cpu',
      },
    },
    notApplicable: {
      "no pod": NO_POD,
      "Harvester's template": job("containers: [{}]\nvolumes: [{ name: p, secret: { secretName: proxy-secret } }]"),
    },
    unknown: { "how much": pod(requesting("{ requests: !unknown }")) },
  },
  {
    policy: limitsSet,
    pass: { limited: pod(requesting("{ limits: { memory: 1Gi } }")) },
    fail: { "CPU alone": { given: pod(requesting("{ limits: { cpu: 1 } }")), tells: "resources.limits.memory" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { "how much": pod(requesting("{ limits: !unknown }")) },
  },
  {
    policy: wholeCoreRequests,
    pass: {
      "a number": job(requesting("{ requests: { cpu: 8 } }")),
      "in thousandths": job(requesting("{ requests: { cpu: 8000m } }")),
    },
    fail: {
      half: { given: job(requesting("{ requests: { cpu: 1500m } }")), tells: 'requests "1500m" cores' },
      "with a point": { given: job(requesting("{ requests: { cpu: '0.5' } }")), tells: "requests.cpu" },
    },
    notApplicable: {
      "no pod": NO_POD,
      "no batch pod": pod(requesting("{ requests: { cpu: 0.5 } }")),
      "no request": job("containers: [{ name: a }]"),
    },
    unknown: { "how many": job(requesting("{ requests: { cpu: !unknown } }")) },
  },
  {
    policy: serviceProbes,
    pass: { both: deployment(probed) },
    fail: { "one alone": { given: deployment("{ name: a, livenessProbe: {} }"), tells: "has no readinessProbe" } },
    notApplicable: { "no pod": NO_POD, "a job": job("containers: [{ name: a }]") },
    unknown: { "a probe": deployment("{ name: a, readinessProbe: !unknown, livenessProbe: {} }") },
  },
];
