/** The pod of a Harvester inside the cluster, as plain values. */
import { imageReference, versions } from "../../versions";
import { kubernetesRequests } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged } from "../kubernetes/securityContext";
import { DATABASE, SERVICE } from "./names";
import { LOGGING_FILE, PASSWORD_VARIABLE, SETTINGS_FILE, START_FILE } from "./serviceConfiguration";
import {
  API_ACCESS,
  CONFIGURATION,
  CREDENTIALS,
  GRACE_SECONDS,
  HARVESTER_GID,
  HARVESTER_UID,
  type ServiceSite,
  INSTALLATION,
  LIVE_LOG,
  SERVICE_MEMORY_LIMIT_MB,
  SERVICE_REQUESTS,
  servicePlacement,
  STATE,
  STOP_SECONDS,
  TOKEN_SECONDS,
} from "./servicePlan";

/** Key of the password in the database's Secret. */
export const PASSWORD_KEY = "password";

/** The pod's spec. */
export function servicePodSpec(site: ServiceSite) {
  const { credentialsSecret } = site.harvester;
  return {
    ...servicePlacement(site),
    serviceAccountName: SERVICE,
    // The token comes by the volume below, where it has an end; nothing else of the account is mounted.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: unprivileged(HARVESTER_UID, HARVESTER_GID),
    containers: [container(site)],
    volumes: [
      { name: "state", persistentVolumeClaim: { claimName: SERVICE } },
      { name: "configuration", configMap: { name: SERVICE } },
      { name: "credentials", secret: { secretName: credentialsSecret, defaultMode: 0o440 } },
      {
        name: "api",
        projected: {
          defaultMode: 0o440,
          sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: TOKEN_SECONDS } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          ],
        },
      },
      { name: "temporary", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}

function container(site: ServiceSite) {
  return {
    name: SERVICE,
    image: imageReference(versions.images.harvester, site.site.registryPrefix),
    command: ["/bin/bash", `${CONFIGURATION}/${START_FILE}`],
    workingDir: "/tmp",
    env: [
      { name: "PANDA_HOME", value: INSTALLATION },
      { name: "HOME", value: "/tmp" },
      { name: "TZ", value: "UTC" },
      // Else it takes one address of the server for hours, whether that answers or not.
      { name: "PANDA_BEHIND_REAL_LB", value: "1" },
      ...(site.harvester.database === "mariadb"
        ? [{ name: PASSWORD_VARIABLE, valueFrom: { secretKeyRef: { name: DATABASE, key: PASSWORD_KEY } } }]
        : []),
    ],
    ...probes(),
    lifecycle: { preStop: { exec: { command: ["/bin/bash", "-c", STOP] } } },
    resources: {
      requests: kubernetesRequests(SERVICE_REQUESTS),
      limits: { memory: `${SERVICE_MEMORY_LIMIT_MB}Mi` },
    },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "state", mountPath: STATE },
      { name: "configuration", mountPath: CONFIGURATION, readOnly: true },
      {
        name: "configuration",
        mountPath: `${INSTALLATION}/etc/configmap/${SETTINGS_FILE}`,
        subPath: SETTINGS_FILE,
        readOnly: true,
      },
      {
        name: "configuration",
        mountPath: `${INSTALLATION}/etc/panda/${LOGGING_FILE}`,
        subPath: LOGGING_FILE,
        readOnly: true,
      },
      { name: "credentials", mountPath: CREDENTIALS, readOnly: true },
      { name: "api", mountPath: API_ACCESS, readOnly: true },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}

/** Asks Harvester to end what it is at, by the signal its own stop script sends; SIGTERM would end it in the middle of it. */
const STOP = `kill -USR2 1
for (( second = 0; second < ${STOP_SECONDS}; second++ )); do
  kill -0 1 || exit 0
  sleep 1
done`;

/**
 * What a Harvester does when it works: its process is there, which is the container's own, and its agents talk to the
 * database. The probe that comes with its chart asks for HTCondor, which a Kubernetes site has not got.
 */
function probes() {
  const recent = (minutes: number) => ["/bin/bash", "-c", `[ -n "$(find ${LIVE_LOG} -mmin -${minutes})" ]`];
  return {
    // Started: the log is newer than this start. The first start makes the tables.
    startupProbe: {
      exec: { command: ["/bin/bash", "-c", `[ ${LIVE_LOG} -nt ${STATE}/started ]`] },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 60,
    },
    readinessProbe: { exec: { command: recent(5) }, periodSeconds: 60, timeoutSeconds: 5, failureThreshold: 2 },
    // A hanging Harvester loses hours, a needless new start seconds; still, a slow server must not look like a dead one.
    livenessProbe: { exec: { command: recent(15) }, periodSeconds: 60, timeoutSeconds: 5, failureThreshold: 3 },
  };
}
