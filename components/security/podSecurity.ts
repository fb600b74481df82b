/** The Pod Security level a queue's namespace is held to. */
import type { Cvmfs, Queue } from "../../stacks/site/site";
import type { PodSecurityLevel } from "../kubernetes/securityContext";
import { versions } from "../../versions";

/** What happens to pods of a namespace. */
export interface PodSecurity {
  /** Below it they are refused. */
  readonly enforce: PodSecurityLevel;
  /** Below it whoever submits them is warned, and the audit log notes it. */
  readonly notice: PodSecurityLevel;
}

/**
 * Levels of a queue's namespace. Baseline refuses every hostPath and every unconfined seccomp profile, with no exception
 * for /cvmfs or for apptainer; where a queue stands on one of them the level must be `privileged`, and the site's admission
 * policies hold all of Baseline but that. There a notice would come with every job, and who reads a million notices sees
 * none, so there is none.
 */
export function podSecurityOf(cvmfs: Pick<Cvmfs, "mode">, queue: Pick<Queue, "seccomp">): PodSecurity {
  const beyondBaseline = cvmfs.mode === "host" || queue.seccomp === "Unconfined";
  return beyondBaseline
    ? { enforce: "privileged", notice: "privileged" }
    : { enforce: "baseline", notice: "restricted" };
}

/** The levels as labels of a namespace; all of them, since the cluster's own defaults hold where one is missing. */
export function podSecurityLabels({ enforce, notice }: PodSecurity): Record<string, string> {
  const modes: [string, PodSecurityLevel][] = [
    ["enforce", enforce],
    ["warn", notice],
    ["audit", notice],
  ];
  return Object.fromEntries(
    modes.flatMap(([mode, level]) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, versions.podSecurity],
    ]),
  );
}
