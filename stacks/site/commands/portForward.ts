/** A way to a pod's port through the Kubernetes API, by `kubectl port-forward`: the site opens no port of its services. */
import { spawn, type ChildProcess } from "node:child_process";

/** A port of a pod. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  /** TCP port in the pod. */
  readonly port: number;
}

/** How to get there. */
export interface ForwardOptions {
  /** The client to run; default `kubectl`, as the PATH has it. */
  readonly kubectl?: string;
  /** Seconds to wait for the way to be open; default 30. */
  readonly seconds?: number;
}

const DEADLINE_SECONDS = 30;
const STOP_MS = 5000;

/**
 * Opens a way to a pod's port, and closes it when `use` has ended.
 * @param kubeconfig path of a kubeconfig that may `create pods/portforward` in the pod's namespace
 * @param use gets a port of 127.0.0.1 that kubectl has chosen
 * @throws Error when kubectl is missing, ends, or opens no way in time; whatever `use` throws
 */
export async function withPortForward<T>(
  kubeconfig: string,
  target: PodPort,
  use: (port: number) => Promise<T>,
  options: ForwardOptions = {},
): Promise<T> {
  const { kubectl = "kubectl", seconds = DEADLINE_SECONDS } = options;
  const { namespace, pod, port } = target;
  const where = ["--namespace", namespace, "--address", "127.0.0.1", `pod/${pod}`, `:${port}`];
  const child = spawn(kubectl, ["--kubeconfig", kubeconfig, "port-forward", ...where], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    return await use(await openPort(child, kubectl, target, seconds));
  } finally {
    await stop(child);
  }
}

/** The port that kubectl says it listens on. */
function openPort(child: ChildProcess, kubectl: string, target: PodPort, seconds: number): Promise<number> {
  const to = `port ${target.port} of pod ${target.pod} in namespace ${target.namespace}`;
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`no way to ${to}: ${why}`));
    const late = setTimeout(() => fail(`kubectl opened none in ${seconds} s; it said: ${said.trim()}`), seconds * 1000);
    const hear = (text: Buffer) => {
      said += text.toString();
      const open = /Forwarding from 127\.0\.0\.1:(\d+) ->/.exec(said);
      if (open !== null) {
        clearTimeout(late);
        resolve(Number(open[1]));
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      fail(error.code === "ENOENT" ? `there is no program ${kubectl}; install it and have it in PATH` : error.message);
    });
    child.once("close", (code, signal) => {
      clearTimeout(late);
      fail(`kubectl ended with ${code ?? signal}; it said: ${said.trim()}`);
    });
  });
}

/** Ends the process, and waits until it has. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hurry = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(hurry);
}
