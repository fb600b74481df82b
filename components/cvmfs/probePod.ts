/** The pod of the CVMFS probe, as plain values. */
import type { CvmfsClient } from "../../stacks/site/site";
import { imageReference, versions } from "../../versions";
import { CONFINED, NOBODY } from "../kubernetes/securityContext";
import type { SiteContext } from "../cluster/siteContext";
import { PROBE_MAIN, PROBE_PORT, PROBE_SETTINGS } from "./probeProgram";
import { PROBE } from "./probeRights";
import { PROBE_REQUESTS } from "./requests";
import { cvmfsVolume } from "./volume";
import { kubernetesRequests } from "../kubernetes/resources";

const PROGRAM_FOLDER = "/program";

/** The pod's spec; ServiceAccount and ConfigMap have the probe's name. */
export function probePod({ site, capabilities }: Pick<SiteContext, "site" | "capabilities">, cvmfs: CvmfsClient) {
  const { volume, mount } = cvmfsVolume(cvmfs);
  return {
    nodeSelector: capabilities.jobNodes,
    // Also where nothing else may run, or a node that is taken out would never be looked at again.
    tolerations: [{ operator: "Exists" }],
    priorityClassName: "system-node-critical",
    serviceAccountName: PROBE,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: NOBODY,
      runAsGroup: NOBODY,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: PROBE,
        image: imageReference(versions.images.python, site.registryPrefix),
        command: ["python3", "-B", `${PROGRAM_FOLDER}/${PROBE_MAIN}`, `${PROGRAM_FOLDER}/${PROBE_SETTINGS}`],
        env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
        ports: [{ name: "metrics", containerPort: PROBE_PORT }],
        readinessProbe: { httpGet: { path: "/readyz", port: "metrics" }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: {
          httpGet: { path: "/healthz", port: "metrics" },
          periodSeconds: 30,
          timeoutSeconds: 5,
          failureThreshold: 4,
        },
        resources: {
          requests: kubernetesRequests(PROBE_REQUESTS),
          // Looks that hang keep their memory, one for each repository.
          limits: { memory: "256Mi" },
        },
        securityContext: CONFINED,
        volumeMounts: [{ name: "program", mountPath: PROGRAM_FOLDER, readOnly: true }, mount],
      },
    ],
    volumes: [{ name: "program", configMap: { name: PROBE } }, volume],
  };
}
