/** A trace as a page to read, or to answer a mail with. */
import type { AuditReach, Touch, Trace, TracedContainer, TracedPod } from "./trace";

const WIDTH = 12;

/** The trace as text; what is not known is left out above and named at the end. */
export function traceText(trace: Trace): string {
  const { belongs } = trace;
  const head = [
    ["Job", `${trace.job} in namespace ${trace.namespace}`],
    ["worker", belongs.workerId === undefined ? undefined : `${belongs.workerId}${by(belongs.harvesterId)}`],
    ["queue", list(belongs.queue, belongs.resourceType, belongs.prodSourceLabel)],
    ["made", trace.made === undefined ? trace.created : whoAndWhen(trace.made)],
    ["ran", spanOf(trace.started, trace.ended)],
    ["outcome", trace.outcome === "running" ? "running when last heard of" : trace.outcome],
  ] as const;
  const touches = trace.touches.length === 0 ? [] : ["touched by others", ...trace.touches.map(touchLine)];
  const missing = trace.missing.length === 0 ? [] : ["not answered", ...trace.missing.map((line) => `  ${line}`)];
  return [
    ...rows(head),
    ...trace.pods.flatMap((pod) => ["", ...podLines(pod)]),
    ...section(touches),
    ...section(missing),
    ...section(["asked", ...sourceLines(trace).map((line) => `  ${line}`)]),
    "",
  ].join("\n");
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function rows(given: readonly (readonly [string, string | undefined])[], indent = ""): string[] {
  return given
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${indent}${name.padEnd(WIDTH)}${value}`);
}

function podLines(pod: TracedPod): string[] {
  const cores = pod.cores === undefined ? undefined : `${pod.cores} cores asked for`;
  return [
    `Pod ${pod.name}`,
    ...rows(
      [
        ["uid", pod.uid],
        ["node", list(pod.node, pod.scheduled === undefined ? undefined : `since ${pod.scheduled}`, cores)],
        ["ran", spanOf(pod.started, pod.ended)],
        ["phase", list(pod.phase, pod.reason)],
      ],
      "  ",
    ),
    ...pod.containers.flatMap(containerLines),
  ];
}

function containerLines(container: TracedContainer): string[] {
  const exit = container.exitCode === undefined ? undefined : `exit code ${container.exitCode}`;
  return [
    `  container ${container.name}`,
    ...rows(
      [
        ["image", container.image],
        ["digest", container.digest],
        ["ran", spanOf(container.started, container.ended)],
        ["end", list(container.reason, exit)],
      ],
      "    ",
    ),
  ];
}

function touchLine(touch: Touch): string {
  return `  ${touch.time} ${touch.what} ${touch.on} by ${who(touch)}${touch.detail === undefined ? "" : `, ${touch.detail}`}`;
}

function whoAndWhen(touch: Touch): string {
  return `${touch.time} by ${who(touch)}`;
}

/** Only what the API let through did something: what it refused is said to have been refused. */
function who({ user, as, from, agent, code, credential, auditId }: Touch): string {
  return [
    `${user}${as === undefined ? "" : ` as ${as}`}`,
    ...(from.length === 0 ? [] : [`from ${from.join(" via ")}`]),
    ...(agent === undefined ? [] : [`with ${agent}`]),
    ...(code === undefined ? [] : [code >= 400 ? `refused with ${code}` : `answered ${code}`]),
    ...(credential === undefined ? [] : [`credential ${credential}`]),
    `request ${auditId}`,
  ].join(", ");
}

function sourceLines({ sources }: Trace): string[] {
  const { prometheus, audit } = sources;
  return [
    prometheus === undefined
      ? "Prometheus was not asked"
      : `Prometheus: ${prometheus.series} series in the last ${prometheus.days} days`,
    audit === undefined ? "audit logs: none given" : reachLine(audit),
  ];
}

function reachLine({ files, lines, from, to }: AuditReach): string {
  const reach = from === undefined ? "no event" : `events from ${from} to ${to ?? from}`;
  return `audit logs: ${files} files, ${lines} lines, ${reach}`;
}

function spanOf(from: string | undefined, to: string | undefined): string | undefined {
  return from === undefined && to === undefined ? undefined : `${from ?? "?"} to ${to ?? "?"}`;
}

function list(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function by(harvesterId: string | undefined): string {
  return harvesterId === undefined ? "" : ` of Harvester ${harvesterId}`;
}
