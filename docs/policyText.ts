/** Words about a policy that its page and the reference share. */
import type { Policy, Reference } from "../policies/model/policy";
import { code } from "./markdown";

const JUDGES: Readonly<Record<Policy["kind"], string>> = {
  pod: "pods",
  object: "objects",
  objects: "all objects together",
  resource: "resources",
  stack: "the whole stack",
};

/** What a violation does, for batch pods and for others. */
export function levelOf({ level }: Policy): string {
  if (typeof level === "string") {
    return level;
  }
  return level.batch === level.infrastructure ? level.batch : `${level.batch} for batch, ${level.infrastructure} else`;
}

/** Who else demands the same, with the edition. */
export function referenceOf({ framework, version, control }: Reference): string {
  return `${framework} ${version} (${control})`;
}

/** What the policy judges. */
export function scopeOf(policy: Policy): string {
  const kinds = "kinds" in policy ? policy.kinds : "types" in policy ? policy.types : [];
  const profile = "profile" in policy && policy.profile !== undefined ? `, level ${policy.profile}` : "";
  const workload = "workload" in policy && policy.workload !== undefined ? `${policy.workload} ` : "";
  const names = kinds.length === 0 || kinds.length > 4 ? "" : ` (${kinds.map(code).join(", ")})`;
  return `${workload}${JUDGES[policy.kind]}${names}${profile}`;
}
