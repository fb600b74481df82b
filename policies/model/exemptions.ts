/** Exemptions: which object is not bound by which policy, and until when. */
import type { Exemption, Settings } from "./settings";

/** What an exemption names: an object, or a resource that is none (its type token is the kind). */
export interface Subject {
  readonly kind: string;
  /** "" where there is none. */
  readonly namespace: string;
  /** True where a preview does not know it yet; then any namespace may be meant. */
  readonly namespaceUnknown?: boolean;
  readonly name: string;
}

/** An exemption that names the policy and the object. */
export interface FoundExemption {
  readonly exemption: Exemption;
  /** True: its day is over and it no longer counts. */
  readonly expired: boolean;
}

/** Whether an exemption's last day is over. */
export function hasExpired(exemption: Exemption, today: string): boolean {
  // Dates in this form sort like text.
  return exemption.expires < today;
}

/**
 * The exemption of an object from a policy: one that holds, else one that has expired, else undefined.
 * @param today `YYYY-MM-DD`
 */
export function exemptionOf(
  policy: string,
  subject: Subject,
  settings: Pick<Settings, "exemptions">,
  today: string,
): FoundExemption | undefined {
  const named = settings.exemptions.filter(
    (exemption) =>
      exemption.policies.includes(policy) &&
      exemption.kind === subject.kind &&
      (subject.namespaceUnknown === true || (exemption.namespace ?? "") === subject.namespace) &&
      exemption.name === subject.name,
  );
  const holding = named.find((exemption) => !hasExpired(exemption, today));
  const exemption = holding ?? named[0];
  return exemption && { exemption, expired: holding === undefined };
}

/** An exemption in one line of a report. */
export function exemptionText({ policies, kind, namespace, name, reason, expires }: Exemption): string {
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${where} is exempt from ${policies.join(", ")} until ${expires}: ${reason}`;
}
