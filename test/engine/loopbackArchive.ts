/** An archive that takes OpenTelemetry logs, on loopback: a collector of its own that writes what it gets into a file. */
import { mkdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Daemon } from "../support/daemon";

/** A line in the archive. */
export interface Archived {
  readonly body: string;
  /** Attributes of its resource and its own, together. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch; "0": the line's own time is not known. */
  readonly time: string;
}

type Attributes = readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];

interface Batch {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes?: Attributes };
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly body: { readonly stringValue: string };
        readonly attributes?: Attributes;
        readonly timeUnixNano?: string;
      }[];
    }[];
  }[];
}

/** The archive; may go away and come back. */
export class LoopbackArchive {
  private readonly file: string;
  private readonly configuration: string;
  private daemon: Daemon | undefined;

  constructor(
    private readonly folder: string,
    private readonly binary: string,
    private readonly port: number,
    token: string,
  ) {
    mkdirSync(folder);
    this.file = join(folder, "archive.json");
    this.configuration = join(folder, "archive.yaml");
    const http = { endpoint: `127.0.0.1:${port}`, auth: { authenticator: "bearertokenauth" } };
    const configuration = {
      extensions: { bearertokenauth: { token } },
      receivers: { otlp: { protocols: { http } } },
      exporters: { file: { path: this.file, append: true, flush_interval: "100ms" } },
      service: {
        extensions: ["bearertokenauth"],
        telemetry: { metrics: { level: "none" } },
        pipelines: { logs: { receivers: ["otlp"], exporters: ["file"] } },
      },
    };
    writeFileSync(this.configuration, stringify(configuration));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  start(): void {
    this.daemon = new Daemon("archive", this.binary, ["--config", this.configuration], this.folder);
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  /** What it says of itself when something went wrong. */
  lastWords(): string {
    return this.daemon?.lastWords() ?? "the archive was never started";
  }

  /** Text of the file it writes. */
  get text(): string {
    return existsSync(this.file) ? readFileSync(this.file, "utf8") : "";
  }

  /** Every line it has. */
  lines(): Archived[] {
    const batches = this.text
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as Batch);
    return batches.flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ resource, scopeLogs }) =>
        scopeLogs.flatMap(({ logRecords }) =>
          logRecords.map(({ body, attributes = [], timeUnixNano = "0" }) => ({
            body: body.stringValue,
            attributes: Object.fromEntries(
              [...(resource.attributes ?? []), ...attributes].map(({ key, value }) => [key, value.stringValue ?? ""]),
            ),
            time: timeUnixNano,
          })),
        ),
      ),
    );
  }
}
