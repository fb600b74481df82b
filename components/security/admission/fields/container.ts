/** The table of a container. */
import { added, allow, items, oneOf, refuse, refuseAll, ruled, type Bound, type Fields } from "./decision";
import { confinementFields } from "./confinement";

/** What a pod may learn of itself by its environment. Harvester asks for the node's name. */
const FIELD_PATHS = ["spec.nodeName", "metadata.name", "metadata.namespace", "metadata.uid", "status.podIP"];

/** Resources that every node of a site has. */
const RESOURCES: Bound = { kind: "keys", names: ["cpu", "memory", "ephemeral-storage"] };

const OTHER_CONTENT = "Another object of the namespace would end in the job's hands.";
const NO_PROBE = "A false alarm would end eight cores' work of a day; the wrapper monitors the pilot itself.";
const NO_RETRY = "A pilot runs once; PanDA tries again.";

const environment: Fields = {
  name: allow("Variable.", { bound: { kind: "text", most: 256 } }),
  value: ruled("Its value.", "small-job"),
  valueFrom: allow("A fact about the pod.", {
    of: {
      fieldRef: allow("A field of the pod.", {
        of: {
          apiVersion: allow("v1."),
          fieldPath: allow("Which field.", { bound: oneOf(...FIELD_PATHS) }),
        },
      }),
      resourceFieldRef: refuse("Harvester writes none."),
      ...refuseAll(OTHER_CONTENT, "configMapKeyRef", "secretKeyRef", "fileKeyRef"),
    },
  }),
};

const mount: Fields = {
  name: allow("Which volume."),
  mountPath: allow("Where in the container.", { bound: { kind: "text", most: 512 } }),
  readOnly: ruled("True for CVMFS of the host.", "host-path-read-only"),
  mountPropagation: ruled("HostToContainer for CVMFS.", "no-mount-into-the-node"),
  subPath: refuse("It can lead through a symbolic link out of the volume."),
  subPathExpr: refuse("It can lead through a symbolic link out of the volume."),
  recursiveReadOnly: refuse("No runtime of the site is known to support it, and the container would never start."),
  bindMountOptions: refuse("Options of the mount belong to the site."),
};

const securityContext: Fields = {
  ...confinementFields,
  privileged: ruled("False.", "no-privileged-container"),
  allowPrivilegeEscalation: ruled("False.", "no-privilege-escalation"),
  readOnlyRootFilesystem: allow("Narrows the container."),
  capabilities: allow("What is taken from the container.", {
    of: {
      drop: allow("ALL.", { bound: items(64) }),
      add: refuse("A pilot needs no capability."),
    },
  }),
  procMount: allow("The API's default.", { bound: oneOf("Default") }),
  windowsOptions: refuse("No node runs Windows."),
};

/** Every field of a container of a pod. */
export const containerFields: Fields = {
  name: allow("Name."),
  image: ruled("The queue's image.", "allowed-images"),
  imagePullPolicy: allow("When the image is fetched.", { bound: oneOf("IfNotPresent", "Always") }),
  command: allow("Program.", { rules: ["small-job"], bound: items(16) }),
  args: allow("Arguments.", { rules: ["small-job"], bound: items(16) }),
  workingDir: allow("Where it starts.", { bound: { kind: "text", most: 512 } }),
  env: allow("Harvester's thirty variables, and the template's.", { bound: items(64), each: environment }),
  envFrom: refuse(OTHER_CONTENT),
  resources: allow("What the scheduler reserves, and limits.", {
    of: {
      requests: allow("Reserved.", { rules: ["fits-a-node"], bound: RESOURCES }),
      limits: allow("Limits.", { bound: RESOURCES }),
      claims: refuse("The site has no devices to claim."),
    },
  }),
  resizePolicy: added("The API server writes its default into pods.", {
    each: {
      resourceName: added("Which resource."),
      restartPolicy: added("What a change of it means."),
    },
  }),
  volumeMounts: allow("Where the volumes are.", { bound: items(32), each: mount }),
  volumeDevices: refuse("A block device has no permissions of files."),
  securityContext: allow("Users and confinement of the container.", { of: securityContext }),
  terminationMessagePath: allow("The API's default.", { bound: oneOf("/dev/termination-log") }),
  terminationMessagePolicy: allow("Where the last message comes from.", {
    bound: oneOf("File", "FallbackToLogsOnError"),
  }),
  ports: refuse("Nothing connects to a pilot."),
  ...refuseAll(NO_PROBE, "livenessProbe", "readinessProbe", "startupProbe"),
  lifecycle: refuse("The pilot's command handles its end; a hook can hold the pod for its whole grace period."),
  ...refuseAll(NO_RETRY, "restartPolicy", "restartPolicyRules"),
  ...refuseAll("Nobody types into a pilot.", "stdin", "stdinOnce", "tty"),
};

/** Every field of an ephemeral container: an administrator's, who may type into it. */
export const ephemeralContainerFields: Fields = {
  ...containerFields,
  stdin: allow("An administrator types into it."),
  stdinOnce: allow("An administrator types into it."),
  tty: allow("An administrator types into it."),
  targetContainerName: allow("Container whose processes it sees."),
};
