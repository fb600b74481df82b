/** The squids' metrics for Prometheus: a container beside each squid, of sites that are monitored; plain values. */
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { CONFINED } from "../kubernetes/securityContext";
import { SQUID_PORT } from "./names";

/** Port of the metrics; its name in the pod is `metrics`. */
export const SQUID_EXPORTER_PORT = 9301;

/** Requests to the squid by which the exporter 1.13 answers one scrape: counters, service times, info. Squid counts them as any client's. */
export const REQUESTS_PER_SCRAPE = 3;

/** Measured: 10 MiB. */
const REQUESTS: Resources = { cpuMilli: 10, memoryMb: 16 };

/** The container; it asks the squid of its own pod, which tells its counters to localhost alone. */
export function squidExporter(registryPrefix: string | undefined) {
  return {
    name: "exporter",
    image: imageReference(versions.images.squidExporter, registryPrefix),
    args: [`-listen=0.0.0.0:${SQUID_EXPORTER_PORT}`, "-squid-hostname=127.0.0.1", `-squid-port=${SQUID_PORT}`],
    ports: [{ name: "metrics", containerPort: SQUID_EXPORTER_PORT }],
    // Only whether it listens: a squid that is away must show in the metrics, not take them away.
    readinessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 10 },
    livenessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 30, failureThreshold: 4 },
    resources: { requests: kubernetesRequests(REQUESTS), limits: { memory: "64Mi" } },
    securityContext: CONFINED,
  };
}
