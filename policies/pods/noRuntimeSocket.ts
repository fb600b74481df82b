import { nsa, kyverno, kubeLinter, kubesec } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { isBelow } from "./hostPaths";

/** /var/run is a link to /run on every node in use. */
const SOCKETS = [
  ...["/run/docker.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock"],
  "/run/podman/podman.sock",
];

/** Sockets by their names: some distributions keep them elsewhere, as /run/k3s/containerd/containerd.sock. */
const NAMES = /\/(?:docker|dockershim|cri-dockerd|containerd|crio|podman)\.sock$/;

/** The socket that a folder of the node holds or a path is; undefined when there is none. */
function socketIn(path: string): string | undefined {
  const place = path.replace(/\/+$/, "").replace(/^\/var\/run(?=\/|$)/, "/run");
  return NAMES.test(place) ? place : SOCKETS.find((one) => isBelow(one, place));
}

/** No pod may see a socket of the container runtime, nor a folder that holds one. */
export const noRuntimeSocket: PodPolicy = {
  kind: "pod",
  name: "no-runtime-socket",
  title: "No socket of the container runtime",
  why: "Who may talk to the runtime may start a privileged container, on any node that runs the pod.",
  level: "mandatory",
  severity: "critical",
  frameworks: [kyverno("disallow-cri-sock-mount"), kubeLinter("docker-sock"), kubesec("DockerSock"), nsa("C-0074")],
  remediation: "Remove the volume; build images with a tool that needs no daemon.",
  check: (pod) =>
    each(
      pod.spec.at("volumes").items.map((volume) => volume.at("hostPath", "path")),
      (path) => {
        const socket = path.text === undefined ? undefined : socketIn(path.text);
        return socket === undefined ? undefined : violation(path, `${show(path)} holds the runtime's socket ${socket}`);
      },
    ),
};
