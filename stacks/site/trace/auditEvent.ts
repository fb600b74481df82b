/** Lines of a Kubernetes audit log, as the API server writes them or as an archive of OpenTelemetry logs keeps them. */

/** An event of `audit.k8s.io/v1`, as far as a trace reads it. */
export interface AuditEvent {
  readonly auditID: string;
  readonly level: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user?: { readonly username?: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly impersonatedUser?: { readonly username?: string };
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly message?: string };
  /** What was asked for, at level Request and above. */
  readonly requestObject?: unknown;
  /** What was answered, at level RequestResponse. */
  readonly responseObject?: unknown;
  /** When it was answered, RFC 3339 with microseconds. */
  readonly stageTimestamp: string;
}

/** A batch of OpenTelemetry logs in JSON, as far as it is read. */
interface LogBatch {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly { readonly body?: { readonly stringValue?: string } }[];
    }[];
  }[];
}

/** The audit events that a line of a file holds: one, all of a batch, or none when it is something else, or half a line. */
export function auditEventsOf(line: string): AuditEvent[] {
  const value = parsed(line);
  if (isAuditEvent(value)) {
    return [value];
  }
  const records = ((value as LogBatch | undefined)?.resourceLogs ?? []).flatMap(({ scopeLogs }) =>
    (scopeLogs ?? []).flatMap(({ logRecords }) => logRecords ?? []),
  );
  return records.map(({ body }) => parsed(body?.stringValue ?? "")).filter(isAuditEvent);
}

/**
 * One event a request, in the order of time. A line that was sent twice counts once; of a request with several stages, such
 * as exec, its end counts.
 */
export function distinctEvents(events: readonly AuditEvent[]): AuditEvent[] {
  const byRequest = new Map<string, AuditEvent>();
  for (const event of events) {
    const known = byRequest.get(event.auditID);
    if (known === undefined || known.stageTimestamp < event.stageTimestamp) {
      byRequest.set(event.auditID, event);
    }
  }
  return [...byRequest.values()].sort(
    (one, other) => compare(one.stageTimestamp, other.stageTimestamp) || compare(one.auditID, other.auditID),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function parsed(text: string): unknown {
  // Most lines of an archive are no JSON at all: no reason to try.
  if (!text.startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAuditEvent(value: unknown): value is AuditEvent {
  const { kind, apiVersion, auditID, stageTimestamp } = (value ?? {}) as Record<string, unknown>;
  const isText = typeof auditID === "string" && typeof stageTimestamp === "string";
  return kind === "Event" && typeof apiVersion === "string" && apiVersion.startsWith("audit.k8s.io/") && isText;
}
