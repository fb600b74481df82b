import { join } from "node:path";
import { ports, type LabPaths } from "../settings";
import { renderIni } from "./ini";

/** MariaDB without any durability: a lab that loses power starts again from its snapshot. */
export function mariadbConfig(paths: LabPaths): string {
  return renderIni({
    mysqld: {
      datadir: paths.mysql,
      socket: mariadbSocket(paths),
      "pid-file": join(paths.run, "mariadbd.pid"),
      "bind-address": "127.0.0.1",
      port: ports.mariadb,
      "skip-name-resolve": 1,
      "skip-log-bin": 1,
      max_connections: 600,
      innodb_buffer_pool_size: "128M",
      innodb_log_file_size: "32M",
      // 2, not 0: each commit reaches the log file at once, so that a copy of the files taken while the server is
      // stopped in its tracks (snapshot.ts) holds every committed row.
      innodb_flush_log_at_trx_commit: 2,
      innodb_doublewrite: 0,
      innodb_flush_method: "nosync",
      sync_binlog: 0,
      performance_schema: "OFF",
      "character-set-server": "utf8mb3",
      "collation-server": "utf8mb3_general_ci",
      "log-error": join(paths.logs, "mariadb.log"),
    },
  });
}

/** Socket of the database server; a Unix socket path must stay under 108 bytes, hence its short name. */
export function mariadbSocket(paths: LabPaths): string {
  return join(paths.run, "sql");
}

/** RabbitMQ on loopback only. */
export function rabbitmqConfig(): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${ports.rabbitmq}`,
    "vm_memory_high_watermark.absolute = 512MB",
    "disk_free_limit.absolute = 100MB",
    "log.file.level = warning",
    "",
  ].join("\n");
}

/**
 * Environment of rabbitmq-server. It reads no file of the system: not the packaged one, not the plugin list.
 * One scheduler thread that does not spin: the broker is nearly idle and the processors are few.
 */
export function rabbitmqEnvironment(paths: LabPaths): Record<string, string> {
  return {
    HOME: paths.rabbitmq,
    RABBITMQ_NODENAME: "rabbit@localhost",
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(ports.rabbitmq),
    RABBITMQ_MNESIA_BASE: join(paths.rabbitmq, "mnesia"),
    RABBITMQ_LOG_BASE: paths.logs,
    RABBITMQ_PID_FILE: join(paths.rabbitmq, "pid"),
    RABBITMQ_CONFIG_FILE: join(paths.config, "rabbitmq"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_ENABLED_PLUGINS_FILE: join(paths.config, "rabbitmq_plugins"),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_DIST_PORT: String(ports.rabbitmqCluster),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none",
  };
}
