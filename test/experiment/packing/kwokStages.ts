/** How kwok plays kubelets: nodes are ready at once; a pod runs as soon as it has a node, and ends after its own duration. */
import { stringify } from "yaml";
import { DURATION_VARIABLE } from "./siteNodes";

const NOT_DELETED = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

function stage(name: string, kind: "Node" | "Pod", matchExpressions: object[], rest: object): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, ...rest },
  };
}

const NODE_READY = `conditions:
- type: Ready
  status: "True"
  reason: KubeletReady
  message: played by kwok
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
phase: Running
`;

const RUNNING = `phase: Running
startTime: {{ Now | Quote }}
conditions:
- { type: Initialized, status: "True" }
- { type: Ready, status: "True" }
- { type: ContainersReady, status: "True" }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ Now | Quote }} } }
{{ end }}
`;

const ENDED = `phase: Succeeded
conditions:
- { type: Ready, status: "False", reason: PodCompleted }
- { type: ContainersReady, status: "False", reason: PodCompleted }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, finishedAt: {{ Now | Quote }} } }
{{ end }}
`;

const DURATION = `.spec.containers[0].env[] | select( .name == "${DURATION_VARIABLE}" ) | .value`;

/** kwok's configuration. */
export function kwokStages(): string {
  const phase = (value: string) => ({ key: ".status.phase", operator: "In", values: [value] });
  const stages = [
    stage(
      "node-ready",
      "Node",
      [{ key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: "NotIn", values: ["True"] }],
      { next: { statusTemplate: NODE_READY } },
    ),
    stage("pod-running", "Pod", [NOT_DELETED, phase("Pending")], { next: { statusTemplate: RUNNING } }),
    stage("pod-ended", "Pod", [NOT_DELETED, phase("Running")], {
      // The constant stands only for a pod without the variable, of which there is none.
      delay: { durationMilliseconds: 60_000, durationFrom: { expressionFrom: DURATION } },
      next: { statusTemplate: ENDED },
    }),
    stage("pod-deleted", "Pod", [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], {
      next: { finalizers: { empty: true }, delete: true },
    }),
  ];
  return stages.map((one) => stringify(one, { lineWidth: 0 })).join("---\n");
}
