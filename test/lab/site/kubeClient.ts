import { Agent, request } from "node:https";
import { parse } from "yaml";

interface Kubeconfig {
  clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
  users: [{ user: { "client-certificate-data": string; "client-key-data": string } }];
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How often, and how long apart, a connection is tried that nobody takes: a load balancer may lack a member for a moment. */
const CONNECTIONS = 30;
const BETWEEN_MS = 1000;
/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 60_000;

/** An error of a connection that never came to be, over which no request can have gone. */
class NotConnected extends Error {}

/** The Kubernetes API by bare HTTPS: no discovery and no cache, so a test sees exactly the calls it made. */
export class KubeClient {
  private readonly server: string;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly tls: { ca: Buffer; cert: Buffer; key: Buffer };

  /** @param kubeconfig text of a kubeconfig with one cluster and one certificate user in it */
  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    const bytes = (data: string) => Buffer.from(data, "base64");
    this.server = clusters[0].cluster.server;
    this.tls = {
      ca: bytes(clusters[0].cluster["certificate-authority-data"]),
      cert: bytes(users[0].user["client-certificate-data"]),
      key: bytes(users[0].user["client-key-data"]),
    };
  }

  /** One call; PATCH goes as a strategic merge patch. */
  async call(method: Method, path: string, body?: object): Promise<Answer> {
    for (let left = CONNECTIONS - 1; ; left--) {
      try {
        return await this.once(method, path, body);
      } catch (error) {
        if (left === 0 || !(error instanceof NotConnected)) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      }
    }
  }

  private once(method: Method, path: string, body?: object): Promise<Answer> {
    const type = method === "PATCH" ? "application/strategic-merge-patch+json" : "application/json";
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    // By itself Node says of a DELETE's body nothing: not even that there is one.
    const length = content === undefined ? {} : { "content-length": content.length };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.server),
        { method, ...this.tls, agent: this.agent, timeout: ANSWER_MS, headers: { "content-type": type, ...length } },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("error", reject);
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer in ${ANSWER_MS / 1000} s`)),
      );
      let connected = false;
      outgoing.on("socket", (socket) => {
        connected = outgoing.reusedSocket;
        socket.once("secureConnect", () => (connected = true));
      });
      outgoing.on("error", (error) => reject(connected ? error : new NotConnected(error.message)));
      outgoing.end(content);
    });
  }

  /**
   * As `call`, with the answer parsed.
   * @throws Error for any status but 2xx
   */
  async must<T = unknown>(method: Method, path: string, body?: object): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    }
    return JSON.parse(answer.text) as T;
  }
}
