/** Configuration of the OpenTelemetry Collector that ships a node's logs, as a plain value. */
import { stringify } from "yaml";
import type { LogArchive, Queue } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import {
  LOG_ATTRIBUTES,
  LOG_KINDS,
  LOG_SHIPPER,
  LOG_SHIPPER_HEALTH_PORT,
  LOG_SHIPPER_METRICS_PORT,
  LOGS_NAMESPACE,
} from "./names";

/** What the configuration is made from. */
export interface CollectorSettings {
  /** Name of the site, which the archive sees with every line. */
  readonly siteName: string;
  /** The archive, and which containers' output goes there. */
  readonly archive: Pick<LogArchive, "endpoint" | "containers">;
  /** Namespaces of the queues, for `containers: jobs`. */
  readonly queueNamespaces: readonly string[];
  /** Folders as the collector sees them. */
  readonly folders: CollectorFolders;
  /** File with the archive's token; undefined: it wants none. */
  readonly tokenFile?: string;
  /** Address and ports at which the collector answers. */
  readonly listen?: { readonly address: string; readonly metricsPort: number; readonly healthPort: number };
}

/** Folders as the collector sees them. */
export interface CollectorFolders {
  /** Where the kubelet keeps the output of containers. */
  readonly pods: string;
  /** Where the API server writes its audit log; undefined: it is not on the site's machines. */
  readonly audit?: string;
  /** Where the collector keeps how far it has read and what is still to be sent. */
  readonly checkpoints: string;
}

/** Longest line in MiB: etcd takes objects of 1.5 MiB, and an audit line may hold one. */
const LONGEST_LINE_MIB = 2;

/**
 * Largest share of the disk in bytes that lines may take which the archive has not taken yet. When it is full the files
 * themselves are the queue: the collector stops reading until there is room.
 */
const QUEUE_BYTES = 256 * 1024 * 1024;

/** Memory above which the collector stops reading, in MiB; its container is killed at the limit of the pod. */
export const MEMORY_LIMIT_MIB = 150;

const EVERYWHERE = { address: "0.0.0.0", metricsPort: LOG_SHIPPER_METRICS_PORT, healthPort: LOG_SHIPPER_HEALTH_PORT };
const CHECKPOINTS = "file_storage";

/** A receiver that forgets nothing: it waits and tries again when it can hand nothing on, and knows after a restart where it was. */
const READS_ALL = {
  // A pod may have written, and ended, before its file was seen for the first time.
  start_at: "beginning",
  storage: CHECKPOINTS,
  max_log_size: `${LONGEST_LINE_MIB}MiB`,
  // Each open file has a buffer; more files than these are read in turns.
  max_concurrent_files: 64,
  // The default gives up after five minutes, and with them the lines it holds.
  retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
  include_file_name: false,
  // Lines as they were written; a long one that the runtime cut may have been cut at a space.
  preserve_leading_whitespaces: true,
  preserve_trailing_whitespaces: true,
};

/** The configuration as the file that the collector reads. */
export function collectorConfiguration(settings: CollectorSettings): string {
  const { archive, tokenFile, listen = EVERYWHERE } = settings;
  const receivers = { ...auditReceiver(settings), ...containerReceiver(settings) };
  const processors = { memory_limiter: memoryLimiter() };
  const extensions = {
    health_check: { endpoint: `${listen.address}:${listen.healthPort}` },
    [CHECKPOINTS]: {
      directory: settings.folders.checkpoints,
      // A node that lost power may leave half a write: begin anew, and send twice, rather than never start again.
      recreate: true,
      compaction: { directory: settings.folders.checkpoints, on_start: true, on_rebound: true, cleanup_on_start: true },
    },
    ...(tokenFile === undefined ? {} : { bearertokenauth: { filename: tokenFile } }),
  };
  return stringify(
    {
      extensions,
      receivers,
      processors,
      exporters: { otlp_http: exporter(archive.endpoint, tokenFile !== undefined) },
      service: {
        extensions: Object.keys(extensions),
        telemetry: { logs: { level: "warn" }, metrics: ownMetrics(listen) },
        pipelines: {
          logs: { receivers: Object.keys(receivers), processors: Object.keys(processors), exporters: ["otlp_http"] },
        },
      },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Lines of the audit log as they are, with the time that stands at their end; also those of files already set aside. */
function auditReceiver(settings: CollectorSettings): Record<string, object> {
  const { folders } = settings;
  if (folders.audit === undefined) {
    return {};
  }
  const time = "attributes.stage_time";
  return {
    "file_log/audit": {
      ...READS_ALL,
      include: [`${folders.audit}/audit*.log`],
      resource: resourceOf(settings, LOG_KINDS.audit),
      operators: [
        {
          type: "regex_parser",
          // The last one of the line: an object in the line may have a field of that name.
          regex: '^.*"stageTimestamp":"(?P<stage_time>[^"]+)"',
          timestamp: { parse_from: time, layout_type: "gotime", layout: "2006-01-02T15:04:05.999999999Z07:00" },
          // Half a line is still better than none.
          on_error: "send_quiet",
        },
        { type: "remove", field: time, if: "attributes.stage_time != nil" },
      ],
    },
  };
}

/** Output of containers; namespace, pod, its uid and the container are in the path, so nobody has to be asked for them. */
function containerReceiver(settings: CollectorSettings): Record<string, object> {
  const { folders, archive, queueNamespaces } = settings;
  if (archive.containers === "none") {
    return {};
  }
  const namespaces = archive.containers === "all" ? ["*"] : [...new Set(queueNamespaces)].sort();
  return {
    "file_log/containers": {
      ...READS_ALL,
      // The second is what the kubelet set aside, which counts only when the collector was away meanwhile.
      include: namespaces.flatMap((namespace) =>
        [".log", ".log.*"].map((end) => `${folders.pods}/${namespace}_*/*/*${end}`),
      ),
      // Its own complaints about lines it cannot send would be lines to send.
      exclude: [
        `${folders.pods}/*/*/*.gz`,
        `${folders.pods}/*/*/*.tmp`,
        `${folders.pods}/${LOGS_NAMESPACE}_${LOG_SHIPPER}-*/*/*`,
      ],
      include_file_path: true,
      resource: resourceOf(settings, LOG_KINDS.container),
      operators: [
        { type: "container", on_error: "send_quiet" },
        { type: "remove", field: 'attributes["log.file.path"]', if: 'attributes["log.file.path"] != nil' },
      ],
    },
  };
}

function memoryLimiter(): object {
  return { check_interval: "1s", limit_mib: MEMORY_LIMIT_MIB, spike_limit_mib: 30 };
}

/** What the archive knows of every line; the node's name comes with the pod. */
function resourceOf({ siteName }: CollectorSettings, kind: string): Record<string, string> {
  return { [LOG_ATTRIBUTES.site]: siteName, [LOG_ATTRIBUTES.node]: "${env:NODE_NAME}", [LOG_ATTRIBUTES.kind]: kind };
}

/**
 * Lines are on the disk before the receiver's place in the file moves on, and leave it when the archive has said yes. So
 * batches are made behind the queue: a batch processor before it holds lines that a killed process loses. A batch may be
 * twice the longest line: a line that no batch can take would be dropped.
 */
function exporter(endpoint: string, withToken: boolean): object {
  return {
    endpoint,
    ...(withToken ? { auth: { authenticator: "bearertokenauth" } } : {}),
    retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "30s", max_elapsed_time: "0s" },
    sending_queue: {
      enabled: true,
      storage: CHECKPOINTS,
      sizer: "bytes",
      queue_size: QUEUE_BYTES,
      block_on_overflow: true,
      num_consumers: 2,
      batch: { flush_timeout: "1s", min_size: 256 * 1024, max_size: 2 * LONGEST_LINE_MIB * 1024 * 1024 },
    },
  };
}

function ownMetrics({ address, metricsPort }: { address: string; metricsPort: number }): object {
  return {
    level: "normal",
    // Counters with the ending `_total` that Prometheus' people expect: a reader configured here leaves it away by default.
    readers: [{ pull: { exporter: { prometheus: { host: address, port: metricsPort, without_type_suffix: false } } } }],
  };
}

/** What log shipping needs to know of its site. */
export interface ShippingSite extends SiteContext {
  /** The stack file's section of logs. */
  readonly archive: LogArchive;
  /** Queues of the site, by name. */
  readonly queues: Readonly<Record<string, Pick<Queue, "namespace">>>;
  /** Whether the site has a Prometheus that reads the shippers' metrics. */
  readonly monitored: boolean;
}

/** The settings of a site's own shippers. */
export function siteCollector(
  { site, queues, archive }: ShippingSite,
  folders: CollectorFolders,
  tokenFile?: string,
): CollectorSettings {
  const queueNamespaces = Object.values(queues).map(({ namespace }) => namespace);
  return { siteName: site.name, archive, queueNamespaces, folders, tokenFile };
}
