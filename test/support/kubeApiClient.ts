/** A client of a Kubernetes API that keeps its connections and tells the warnings that came with an answer. */
import { Agent, request } from "node:https";
import type { KeyPair } from "../../components/cluster/pki";

/** What the API answered. */
export interface KubeAnswer {
  readonly status: number;
  readonly text: string;
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[];
}

/** A change that a watch reports. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/** How a body is meant. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "APPLY" | "DELETE";

const CONTENT_TYPES: Partial<Record<Method, string>> = {
  PATCH: "application/strategic-merge-patch+json",
  APPLY: "application/apply-patch+yaml",
};

/** The Kubernetes API as one user sees it. */
export class KubeApiClient {
  private readonly agent: Agent;

  /**
   * @param server URL of the API
   * @param caPem CA of the server's certificate
   * @param credential the user's certificate, or the token of a ServiceAccount
   */
  constructor(
    private readonly server: string,
    caPem: string,
    private readonly credential: KeyPair | { readonly token: string },
  ) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 16,
      ca: caPem,
      ...("token" in credential ? {} : { cert: credential.certPem, key: credential.keyPem }),
    });
  }

  /** One call; PATCH is a strategic merge patch, APPLY a server-side apply. */
  call(method: Method, path: string, body?: object): Promise<KubeAnswer> {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      "content-type": CONTENT_TYPES[method] ?? "application/json",
      accept: "application/json",
      "user-agent": "atlas-site-test",
      ...("token" in this.credential ? { authorization: `Bearer ${this.credential.token}` } : {}),
      // By itself Node says of a DELETE's body nothing: not even that there is one.
      ...(content === undefined ? {} : { "content-length": content.length }),
    };
    const verb = method === "APPLY" ? "PATCH" : method;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.server),
        { method: verb, agent: this.agent, timeout: 20_000, headers },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          const warnings = warningsOf(response.headersDistinct.warning ?? []);
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text, warnings }));
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer in 20 s`)));
      outgoing.on("error", reject);
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

  /**
   * Watches a list: the API sends a line for each change.
   * @param path a list, with `?watch=1`
   * @param onEvent gets each change, in order
   * @param onEnd is called when the API ends the watch
   */
  watch<T>(path: string, onEvent: (event: WatchEvent<T>) => void, onEnd: () => void): void {
    const headers = { accept: "application/json", "user-agent": "atlas-site-test" };
    const outgoing = request(new URL(path, this.server), { agent: this.agent, headers }, (response) => {
      let rest = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => onEvent(JSON.parse(line) as WatchEvent<T>));
      });
      response.on("close", onEnd);
    });
    outgoing.on("error", onEnd);
    outgoing.end();
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }
}

/** The quoted text of each header `299 - "text"`; Kubernetes escapes quotes and backslashes in it. */
function warningsOf(headers: readonly string[]): string[] {
  const texts = headers.flatMap((header) => [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text));
  return texts.map((text) => text.replace(/\\(.)/g, "$1"));
}
