/** A squid that stands still: the process is there and its port is open, but nobody answers any more. */
import { SQUID_NAMESPACE } from "../../../components/cvmfs/names";
import type { Lab } from "../lab";
import type { KubeView } from "./kubeView";
import { inMachine } from "./machineFiles";

interface PodView {
  metadata: { uid: string };
  spec: { nodeName: string };
}

/**
 * Stops or continues the squid of a pod by a signal, as a process that hangs in the kernel does not answer either.
 * @param pod e.g. `squid-0`
 * @throws Error when no squid runs in it
 */
export async function signalSquid(lab: Lab, cluster: KubeView, pod: string, signal: "STOP" | "CONT"): Promise<void> {
  const text = await cluster.kubectl("get", "pod", pod, "-n", SQUID_NAMESPACE, "-o", "json");
  const { metadata, spec } = JSON.parse(text) as PodView;
  // A process is the pod's when the kernel has it in the pod's control group.
  const script = `
    found=
    for process in /proc/[0-9]*; do
      if [ "$(cat "$process/comm" 2>/dev/null)" = squid ] && grep -q "pod${metadata.uid}" "$process/cgroup"; then
        kill -${signal} "\${process#/proc/}" && found=1
      fi
    done
    [ -n "$found" ] || { echo "no squid runs in pod ${pod}" >&2; exit 1; }`;
  await inMachine(lab, spec.nodeName, "sh", "-c", script);
}
