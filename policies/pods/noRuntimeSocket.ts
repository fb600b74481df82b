import { nsa, kyverno, kubeLinter, kubesec } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { isBelow } from "./hostPaths";

/** Where runtimes, builders and the plugin interface of runtimes listen, by their own defaults and those of distributions. */
const SOCKETS = [
  ...["/run/docker.sock", "/run/docker/containerd/containerd.sock", "/run/cri-dockerd.sock", "/run/dockershim.sock"],
  ...["/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/podman/podman.sock", "/run/nri/nri.sock"],
  // k3s and RKE2; k0s; Bottlerocket's runtime of host containers; balenaOS; openEuler.
  ...["/run/k3s/containerd/containerd.sock", "/run/k0s/containerd.sock", "/run/host-containerd/containerd.sock"],
  ...["/run/balena-engine.sock", "/run/isulad.sock", "/run/buildkit/buildkitd.sock"],
];

/** Sockets by their names: some distributions keep them elsewhere, as /var/snap/microk8s/common/run/containerd.sock. */
const NAMES =
  /\/(?:docker|dockershim|cri-dockerd|containerd|crio|podman|buildkitd|nri|isulad|balena-engine)\.sock(?:\.ttrpc)?$/;

/** Folders of snaps that hold such a socket. */
const SNAPS = /^\/var\/snap\/(?:docker|microk8s)(?:\/\w+)?(?:\/run)?$/;

/** Named pipes of the runtimes on Windows: `\\.\pipe\docker_engine`. */
const PIPES = /[\\/]pipe[\\/](?:docker_engine|dockershim|cri-dockerd|containerd-containerd|buildkitd)\b/i;

/** A path of the node without detours: /var/run is a link to /run on every node in use, /proc/1/root to the whole node. */
function direct(path: string): string {
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  return `/${steps.join("/")}`.replace(/^\/proc\/[^/]+\/root(?=\/|$)/, "").replace(/^\/var\/run(?=\/|$)/, "/run");
}

/** The socket that a folder of the node holds or a path is; undefined when there is none. */
function socketIn(path: string): string | undefined {
  if (PIPES.test(path)) {
    return path;
  }
  const place = direct(path);
  return NAMES.test(place) || SNAPS.test(place) ? place : SOCKETS.find((one) => isBelow(one, place || "/"));
}

/** No pod may see a socket of the container runtime, nor a folder that holds one. */
export const noRuntimeSocket: PodPolicy = {
  kind: "pod",
  name: "no-runtime-socket",
  title: "No socket of the container runtime",
  why: "A process that can talk to the runtime can start a privileged container, on any node that runs the pod.",
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
