/** What a case of the admission rules is, and the pod that the cases change. */

/** A pod's spec or a part of one, as plain data. */
export type Spec = Record<string, unknown>;

/** What breaks a rule or just does not. */
export interface Case {
  /** Rule the bad ones break. */
  readonly rule: string;
  /** What is changed, for the test's name. */
  readonly about: string;
  /** Laid over the pod, over its container (`container`), and over the container's securityContext (`security`). */
  readonly change: Change;
  /** True: the change is allowed. */
  readonly good?: boolean;
  /** Other rules it cannot help breaking, since the API takes it only together with what they forbid. */
  readonly also?: readonly string[];
  /** Such a container cannot be an ephemeral one; always so for changes of the pod. */
  readonly notEphemeral?: boolean;
}

/** What of a pod is changed. */
export interface Change {
  readonly pod?: Spec;
  readonly container?: Spec;
  readonly security?: Spec;
}

/** Where the test site has its images from. */
export const IMAGE_PATH = "registry.example/atlas";

/** A container as a pilot's is. */
export function container(change: Change = {}): Spec {
  return {
    name: "pilot",
    image: `${IMAGE_PATH}/grid-el9:1`,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, ...change.security },
    ...change.container,
  };
}

/** A pod's spec as a pilot's is. */
export function podSpec(change: Change = {}): Spec {
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: 3600,
    nodeSelector: { "atlas-site/pool": "batch" },
    securityContext: { runAsNonRoot: true, runAsUser: 10_000, runAsGroup: 10_000, fsGroup: 10_000 },
    containers: [container(change)],
    ...change.pod,
  };
}

type More = Pick<Case, "also" | "notEphemeral">;

/** A pod that breaks a rule. */
export function refused(rule: string, about: string, change: Change, more: More = {}): Case {
  return { rule, about, change, ...more };
}

/** A pod that comes close to breaking a rule. */
export function allowed(rule: string, about: string, change: Change, more: More = {}): Case {
  return { rule, about, change, good: true, ...more };
}
