/**
 * A pod's HTTP port, reached by the API server as an operator reaches it, from outside the lab's network: kubectl runs
 * inside, its port there comes out through a socket file, and a port of our own loopback stands for it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endingWithUs } from "../../images/command";
import { namespaceFile } from "../namespace";
import { PATIENCE_MS } from "../patience";

/** What is to be reached. */
export interface Forward {
  /** Path of the kubectl program. */
  readonly kubectl: string;
  /** Path of the kubeconfig of whoever asks; he must be allowed to `create pods/portforward`. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Hands every connection of a socket file on to a loopback port; runs inside the lab's network. */
const RELAY = `const net = require("node:net");
const [socket, port] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(Number(port), "127.0.0.1");
  for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => other.destroy()).pipe(other);
}).listen(socket, () => console.log("listening"));
`;

/**
 * Gives a pod's port to a function for as long as it takes.
 * @param use gets the address, e.g. `http://127.0.0.1:41234`
 * @throws Error with kubectl's words when it may not or cannot forward
 */
export async function forwarded<T>(forward: Forward, use: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "lab-forward-"));
  const socket = join(folder, "socket");
  const children: ChildProcess[] = [];
  let server: Server | undefined;
  try {
    const { kubectl, kubeconfig, namespace, pod, port } = forward;
    const args = ["--kubeconfig", kubeconfig, "port-forward", "-n", namespace, `pod/${pod}`, `:${port}`];
    const said = await started(children, [kubectl, ...args], /Forwarding from 127\.0\.0\.1:(\d+)/);
    await started(children, [process.execPath, "-e", RELAY, socket, said[1]], /listening/);
    server = createServer((near) => {
      const far = connect(socket);
      near.on("error", () => far.destroy()).pipe(far);
      far.on("error", () => near.destroy()).pipe(near);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server?.close();
    for (const child of children) {
      child.kill();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Starts a program inside the lab's network and waits until it says that it is ready.
 * @throws Error with what it said when it ends or is silent instead
 */
async function started(children: ChildProcess[], command: readonly string[], ready: RegExp): Promise<RegExpExecArray> {
  const [program, args] = endingWithUs("nsenter", `--net=${namespaceFile}`, "--", ...command);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let text = "";
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${command.join(" ").slice(0, 200)}: ${why}\n${text}`));
    const timer = setTimeout(() => fail(`not ready after ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    const hear = (chunk: string) => {
      text += chunk;
      const found = ready.exec(text);
      if (found !== null) {
        clearTimeout(timer);
        resolve(found);
      }
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.on("error", (error) => fail(error.message));
    child.on("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
