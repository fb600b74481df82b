/** Requests of the audit log as what somebody did. */
import type { AuditEvent } from "./auditEvent";
import type { Touch } from "./trace";

/** Kinds by their resources; others are told by the resource. */
const KINDS: Readonly<Record<string, string>> = { jobs: "Job", pods: "Pod", configmaps: "ConfigMap" };

/** Ways into a pod, and out of it: told also when they only read. */
const POD_ACCESS = ["exec", "attach", "portforward", "proxy", "log", "ephemeralcontainers", "eviction"];
const CHANGES = ["create", "update", "patch"];
const ENDS = ["delete", "deletecollection"];

/** Parts of Kubernetes, which have a hand in every Job. */
const MACHINERY = /^system:(node:|kube-|apiserver$|serviceaccount:kube-system:)/;

/**
 * Whether a request is more than the ordinary course of a Job: a change or a way into a pod by anybody but Kubernetes
 * itself, and an end by whomever.
 */
export function isReported(event: AuditEvent): boolean {
  const { verb, objectRef } = event;
  if (ENDS.includes(verb)) {
    return true;
  }
  const entered = POD_ACCESS.includes(objectRef?.subresource ?? "");
  return (entered || CHANGES.includes(verb)) && !MACHINERY.test(event.user?.username ?? "");
}

/** Whether a request was only tried: `--dry-run=server` is answered as if it were done, and nothing is. */
export function isTrial(requestURI: string): boolean {
  return parametersOf(requestURI).has("dryRun");
}

/** A request as a touch. */
export function touchOf(event: AuditEvent): Touch {
  const { objectRef = {}, user, impersonatedUser, responseStatus, userAgent } = event;
  const detail = detailOf(event);
  const credential = user?.extra?.["authentication.kubernetes.io/credential-id"]?.[0];
  return {
    time: event.stageTimestamp,
    what: whatOf(event),
    on: `${KINDS[objectRef.resource ?? ""] ?? objectRef.resource ?? event.requestURI} ${objectRef.name ?? nameless(event)}`,
    user: user?.username ?? "nobody",
    ...(impersonatedUser?.username === undefined ? {} : { as: impersonatedUser.username }),
    ...(credential === undefined ? {} : { credential }),
    from: event.sourceIPs ?? [],
    ...(userAgent === undefined ? {} : { agent: userAgent }),
    ...(responseStatus?.code === undefined ? {} : { code: responseStatus.code }),
    ...(detail === undefined ? {} : { detail }),
    auditId: event.auditID,
  };
}

function whatOf({ verb, objectRef }: AuditEvent): string {
  const subresource = objectRef?.subresource;
  if (subresource === undefined) {
    return verb;
  }
  return POD_ACCESS.includes(subresource) ? subresource : `${verb} ${subresource}`;
}

/** A request for many objects names none. */
function nameless({ verb, objectRef }: AuditEvent): string {
  return verb === "deletecollection" ? `all of namespace ${objectRef?.namespace ?? ""}` : "of no name yet";
}

/** What the address says beside the object: a command, its container; for a collection, which of it. */
function detailOf({ requestURI, objectRef }: AuditEvent): string | undefined {
  const asked = parametersOf(requestURI);
  const command = asked.getAll("command").join(" ");
  const selector = asked.get("labelSelector") ?? "";
  const container = asked.get("container") ?? "";
  const words = [
    ...(command === "" ? [] : [`command: ${command}`]),
    ...(container === "" || objectRef?.subresource === undefined ? [] : [`container: ${container}`]),
    ...(selector === "" ? [] : [`selector: ${selector}`]),
    ...(isTrial(requestURI) ? ["dry run: nothing was changed"] : []),
  ];
  return words.length === 0 ? undefined : words.join(", ");
}

function parametersOf(requestURI: string): URLSearchParams {
  return new URL(requestURI, "https://api").searchParams;
}
