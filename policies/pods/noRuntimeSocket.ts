import { nsa, kyverno, kubeLinter, kubesec } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { isBelow } from "./hostPaths";

/** /var/run is a link to /run on every node in use. */
const SOCKETS = ["/run/docker.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock"];

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
        const folder = path.text;
        const socket =
          folder === undefined
            ? undefined
            : SOCKETS.find((one) => isBelow(one, folder.replace(/^\/var\/run(?=\/|$)/, "/run")));
        return socket === undefined ? undefined : violation(path, `${show(path)} holds the runtime's socket ${socket}`);
      },
    ),
};
