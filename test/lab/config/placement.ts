import { join } from "node:path";
import type { LabPaths } from "../settings";
import { authToken, database } from "./common";
import { renderIni } from "./ini";

/** Placement: Nova's inventory of what each compute host has left. */
export function placementConfig(paths: LabPaths): string {
  return renderIni({
    DEFAULT: { log_file: join(paths.logs, "placement.log") },
    api: { auth_strategy: "keystone" },
    placement_database: database("placement"),
    keystone_authtoken: authToken("placement"),
  });
}
