/** A stand-in for the part of the Kubernetes API that a node's taints go through: one node, versions, conflicts, tokens. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KeyPair } from "../../components/cluster/pki";
import { serverCertificate } from "./apiServer";

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly effect: string;
}

interface Change {
  metadata: { resourceVersion: string };
  spec: { taints: Taint[] };
}

/** One node behind an API that can be away. */
export class NodeApi {
  readonly port: number;
  /** Requests it answered, as `METHOD token status`. */
  readonly seen: string[] = [];
  /** True: connections are cut without an answer. */
  away = false;
  /** Called between a client's read and its write: what another client does meanwhile. */
  meanwhile?: () => void;
  private version = 1;
  private list: Taint[];

  private constructor(
    readonly name: string,
    taints: readonly Taint[],
    private readonly server: ReturnType<typeof createServer>,
  ) {
    this.list = [...taints];
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        if (this.away) {
          request.socket.destroy();
          return;
        }
        const ours = request.url === `/api/v1/nodes/${this.name}`;
        const status = ours ? this.answer(request.method ?? "", request.headers["content-type"], body) : 404;
        this.seen.push(`${request.method} ${request.headers.authorization?.replace("Bearer ", "")} ${status}`);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(this.node()));
      });
    });
  }

  /** @param CA signs the server's certificate */
  static async start(ca: KeyPair, name: string, taints: readonly Taint[]): Promise<NodeApi> {
    const own = await serverCertificate(ca);
    const server = createServer({ cert: own.certPem, key: own.keyPem });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new NodeApi(name, taints, server);
  }

  /** Keys of the node's taints, in their order. */
  taints(): string[] {
    return this.list.map(({ key }) => key);
  }

  /** Changes the taints as another client would. */
  change(taints: readonly Taint[]): void {
    this.list = [...taints];
    this.version += 1;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(method: string, type: string | undefined, body: string): number {
    if (method === "GET") {
      return 200;
    }
    if (method !== "PATCH" || type !== "application/merge-patch+json") {
      return 415;
    }
    this.meanwhile?.();
    const change = JSON.parse(body) as Change;
    if (change.metadata.resourceVersion !== String(this.version)) {
      return 409;
    }
    this.change(change.spec.taints);
    return 200;
  }

  private node(): object {
    // An API server leaves an empty list out.
    const spec = this.list.length === 0 ? {} : { taints: this.list };
    return { metadata: { name: this.name, resourceVersion: String(this.version) }, spec };
  }
}
