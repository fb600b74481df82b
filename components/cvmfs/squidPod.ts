/** The pod of a squid, as plain values. */
import type { Squid } from "../../stacks/site/site";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged } from "../kubernetes/securityContext";
import { SQUID_PORT, SQUID_SERVICE } from "./names";
import { SQUID_FILES } from "./squidConfig";
import { squidExporter } from "./squidExporter";
import { GRACE_SECONDS, SNMP_PORT, SQUID_UID, squidPlacement, squidRequests, type SquidSite } from "./squidPlan";

/** Name of the volume with the cache; the claim is the StatefulSet's. */
export const CACHE_VOLUME = "cache";

/** The pod's spec; ServiceAccount and ConfigMap have the Service's name. */
export function squidPod({ site, capabilities, monitored }: SquidSite, squid: Squid) {
  const requests = squidRequests(squid);
  const common = {
    image: imageReference(versions.images.squid, site.registryPrefix),
    securityContext: CONFINED,
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/atlas-site", readOnly: true },
      { name: CACHE_VOLUME, mountPath: SQUID_FILES.cache },
      { name: "run", mountPath: "/run" },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
  return {
    ...squidPlacement(capabilities, squid),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: SQUID_SERVICE,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: unprivileged(SQUID_UID),
    initContainers: [
      {
        ...common,
        name: "make-cache",
        // Makes what is missing of the cache's folders, and leaves what is there.
        command: ["squid", "-N", "-z", "-f", SQUID_FILES.configuration],
        resources: { requests: kubernetesRequests(requests) },
      },
    ],
    containers: [
      {
        ...common,
        name: "squid",
        command: ["squid", "-N", "-f", SQUID_FILES.configuration],
        ports: [
          { name: "proxy", containerPort: SQUID_PORT },
          ...(squid.snmpCidrs.length === 0 ? [] : [{ name: "snmp", containerPort: SNMP_PORT, protocol: "UDP" }]),
        ],
        readinessProbe: { tcpSocket: { port: "proxy" }, periodSeconds: 10 },
        livenessProbe: {
          tcpSocket: { port: "proxy" },
          initialDelaySeconds: 20,
          periodSeconds: 30,
          failureThreshold: 4,
        },
        resources: {
          requests: kubernetesRequests(requests),
          limits: { memory: `${Math.ceil(requests.memoryMb * 1.5)}Mi` },
        },
      },
      ...(monitored ? [squidExporter(site.registryPrefix)] : []),
    ],
    volumes: [
      { name: "configuration", configMap: { name: SQUID_SERVICE } },
      { name: "run", emptyDir: {} },
      { name: "temporary", emptyDir: {} },
    ],
  };
}
