/** What the pilot's container runs. */
import { join } from "node:path";
import { programText, withoutHeader } from "../kubernetes/programFile";

/** The program `pilot.sh` as a container's command and arguments; its comments stay in the file. */
export function pilotCommand(): { command: string[]; args: string[] } {
  return { command: ["/usr/bin/bash", "-c"], args: [withoutHeader(programText(join(__dirname, "pilot.sh")))] };
}
