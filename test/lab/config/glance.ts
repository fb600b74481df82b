import { join } from "node:path";
import { ports, type LabPaths } from "../settings";
import { authToken, database } from "./common";
import { renderIni } from "./ini";

/** Glance with a plain folder as its store. */
export function glanceConfig(paths: LabPaths): string {
  const store = join(paths.lib, "glance");
  return renderIni({
    DEFAULT: {
      log_file: join(paths.logs, "glance.log"),
      bind_host: "127.0.0.1",
      bind_port: ports.glance,
      workers: 0,
      enabled_backends: "file:file",
      enabled_import_methods: "[glance-direct]",
    },
    glance_store: { default_backend: "file" },
    file: { filesystem_store_datadir: join(store, "images") },
    os_glance_staging_store: { filesystem_store_datadir: join(store, "staging") },
    os_glance_tasks_store: { filesystem_store_datadir: join(store, "tasks") },
    paste_deploy: { flavor: "keystone", config_file: "/etc/glance/glance-api-paste.ini" },
    oslo_concurrency: { lock_path: join(paths.lib, "lock") },
    database: database("glance"),
    keystone_authtoken: authToken("glance"),
  });
}
