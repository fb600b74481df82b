/** Programs that carry logs off a node, and what runs them. */
import type { KubernetesObject } from "../model/objects";
import { containersOf, podsOf } from "../model/pods";
import type { Settings } from "../model/settings";
import { programOf } from "./programs";

/** Programs that ship logs, by the last part of their images' paths. */
export const LOG_SHIPPERS: readonly string[] = [
  "alloy",
  "filebeat",
  "fluent-bit",
  "fluentd",
  "opentelemetry-collector-contrib",
  "opentelemetry-collector-k8s",
  "promtail",
  "vector",
];

/** Whether an object's pods run one of them. */
export function shipsLogs(object: KubernetesObject, settings: Settings): boolean {
  return podsOf(object, settings).some((pod) =>
    containersOf(pod, ["containers"]).some((container) => LOG_SHIPPERS.includes(programOf(container))),
  );
}
