import { join } from "node:path";
import { ports, type LabPaths, type ServiceName } from "../settings";
import { renderIni } from "./ini";

/** A WSGI program of an OpenStack package and how it finds its configuration. */
export interface WsgiService {
  name: ServiceName;
  /** The packaged entry script. */
  script: string;
  /** Processes; each holds about 130 MB and serves one request at a time. */
  processes: number;
  /** `env` or `pyargv` lines. */
  environment?: Record<string, string>;
  arguments?: string;
}

/** The API services that run under uWSGI. Glance does not: it needs chunked uploads, which uWSGI's own HTTP lacks. */
export function wsgiServices(paths: LabPaths): readonly WsgiService[] {
  const file = (name: string) => `--config-file ${join(paths.config, name)}`;
  return [
    {
      name: "keystone",
      script: "/usr/bin/keystone-wsgi-public",
      processes: 2,
      environment: { OS_KEYSTONE_CONFIG_DIR: paths.config, OS_KEYSTONE_CONFIG_FILES: "keystone.conf" },
    },
    {
      name: "placement",
      script: "/usr/bin/placement-api",
      processes: 1,
      environment: { OS_PLACEMENT_CONFIG_DIR: paths.config },
    },
    {
      name: "nova",
      script: "/usr/bin/nova-api-wsgi",
      processes: 2,
      // Only the folder: with the file list set too, Nova takes nova.conf for its paste file and dies.
      environment: { OS_NOVA_CONFIG_DIR: paths.config },
    },
    { name: "neutron", script: "/usr/bin/neutron-api", processes: 2, arguments: file("neutron.conf") },
    { name: "octavia", script: "/usr/bin/octavia-wsgi", processes: 1, arguments: file("octavia.conf") },
    { name: "magnum", script: "/usr/bin/magnum-api-wsgi", processes: 1, arguments: file("magnum.conf") },
  ];
}

/** uWSGI's configuration of one service. */
export function uwsgiConfig(paths: LabPaths, service: WsgiService): string {
  return renderIni({
    uwsgi: {
      "plugins-dir": "/usr/lib/uwsgi/plugins",
      plugin: "python3",
      "http-socket": `127.0.0.1:${ports[service.name]}`,
      "wsgi-file": service.script,
      processes: service.processes,
      threads: 1,
      "enable-threads": true,
      // The application is loaded once and then forked: half the start and much less memory. oslo.db drops connections
      // that a parent opened, and the message bus is connected to with the first message only.
      "lazy-apps": false,
      // uWSGI closes a connection that clients would reuse; say so, else they see a reset now and then.
      "add-header": "Connection: close",
      "need-app": true,
      master: false,
      listen: 100,
      "buffer-size": 65535,
      "thunder-lock": true,
      "socket-timeout": 120,
      "http-socket-timeout": 120,
      logto: join(paths.logs, `uwsgi-${service.name}.log`),
      "disable-logging": true,
      procname: `uwsgi-${service.name}`,
      env: Object.entries(service.environment ?? {}).map(([key, value]) => `${key}=${value}`),
      pyargv: service.arguments,
    },
  });
}
