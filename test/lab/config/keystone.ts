import { join } from "node:path";
import { ports, type LabPaths } from "../settings";
import { database } from "./common";
import { renderIni } from "./ini";

/** Keystone: Fernet tokens for a day, cached in memcached; the cheapest bcrypt, since nobody attacks a lab. */
export function keystoneConfig(paths: LabPaths): string {
  return renderIni({
    DEFAULT: { log_file: join(paths.logs, "keystone.log") },
    token: { provider: "fernet", expiration: 86400 },
    fernet_tokens: { key_repository: join(paths.lib, "keystone/fernet") },
    credential: { key_repository: join(paths.lib, "keystone/credential") },
    cache: { enabled: true, backend: "dogpile.cache.memcached", memcache_servers: `127.0.0.1:${ports.memcached}` },
    identity: { password_hash_algorithm: "bcrypt", password_hash_rounds: 4 },
    trust: { enabled: true },
    database: database("keystone"),
  });
}
