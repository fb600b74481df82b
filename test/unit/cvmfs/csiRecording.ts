/** The driver as the program asks for it, taken apart for the tests. */
import { csiSite } from "../../support/componentArgs";
import { CvmfsCsi } from "../../../components/cvmfs/CvmfsCsi";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import type { Sections } from "../../support/sites";
import { cvmfsSite } from "./cvmfsSites";

export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

export interface Container {
  name: string;
  image: string;
  args: string[];
  env?: object[];
  livenessProbe?: object;
  securityContext: { privileged?: boolean; capabilities: object };
  resources: { requests: { cpu: string; memory: string }; limits?: object };
  volumeMounts: { name: string; mountPath: string; mountPropagation?: string; subPath?: string }[];
}

export interface PodSpec {
  hostPID?: boolean;
  hostNetwork?: boolean;
  nodeSelector: object;
  tolerations: object[];
  priorityClassName?: string;
  serviceAccountName: string;
  automountServiceAccountToken: boolean;
  securityContext: object;
  containers: Container[];
  volumes: { name: string; hostPath?: { path: string; type: string } }[];
}

export interface Workload {
  spec: {
    updateStrategy: { type: string };
    template: { metadata: { annotations: Record<string, string> }; spec: PodSpec };
  };
}

export async function driver(cvmfs: Sections = {}, change: (site: Site) => Site = (site) => site): Promise<Recording> {
  const site = change(cvmfsSite({ mode: "csi", ...cvmfs }));
  return (await record({}, () => new CvmfsCsi("csi", { ...csiSite(site), namespace: "atlas-site-cvmfs" }))).recording;
}

export const workload = (request: Request) => request.inputs as unknown as Workload;
export const nodePod = (recording: Recording) => workload(recording.only(DAEMON_SET)).spec.template.spec;
export const controllerPod = (recording: Recording) => workload(recording.only(DEPLOYMENT)).spec.template.spec;

export function container(pod: PodSpec, name: string): Container {
  return pod.containers.find((one) => one.name === name)!;
}

export function mount(pod: PodSpec, of: string, volume: string) {
  return container(pod, of).volumeMounts.find(({ name }) => name === volume);
}

export function hostPath(pod: PodSpec, name: string): string | undefined {
  return pod.volumes.find((volume) => volume.name === name)?.hostPath?.path;
}
