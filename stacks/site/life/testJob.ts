/** A Job that tries a queue as a pilot would: the queue's own template, with a program of ours in place of the pilot's. */
import { parse } from "yaml";

/** How long the Job may take from its creation, in seconds: on a cold node its image is pulled first. */
export const TEST_JOB_SECONDS = 600;

/** Volume of Harvester's proxy: on a new site there is none yet, and this Job asks nobody for anything. */
const PROXY_VOLUME = "proxy-secret";

interface Template {
  readonly kind: "Job";
  readonly metadata: Record<string, unknown>;
  readonly spec: {
    readonly template: {
      readonly metadata?: Record<string, unknown>;
      readonly spec: {
        readonly containers: readonly (Record<string, unknown> & {
          readonly volumeMounts?: readonly { readonly name: string }[];
        })[];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
  };
}

/**
 * The Job of one try.
 * @param template the queue's job template, as it is handed over
 * @param repositories CVMFS repositories that a job of this site sees; none: CVMFS is not looked at
 */
export function testJob(
  template: string,
  queue: string,
  namespace: string,
  name: string,
  repositories: readonly string[],
): object {
  const job = parse(template) as Template;
  const pod = job.spec.template.spec;
  const [container] = pod.containers;
  const withoutProxy = <T extends { readonly name: string }>(all: readonly T[] = []) =>
    all.filter((one) => one.name !== PROXY_VOLUME);
  return {
    ...job,
    metadata: { ...job.metadata, name, namespace },
    spec: {
      ...job.spec,
      template: {
        metadata: { ...job.spec.template.metadata, labels: { resourceType: "SCORE", pq: queue } },
        spec: {
          ...pod,
          activeDeadlineSeconds: TEST_JOB_SECONDS,
          volumes: withoutProxy(pod.volumes),
          containers: [
            {
              ...container,
              command: ["/usr/bin/bash", "-c"],
              args: [trial(repositories)],
              // As Harvester asks for a pilot of one core.
              resources: { requests: { cpu: "0.9", memory: "500Mi" }, limits: { cpu: "1" } },
              volumeMounts: withoutProxy(container?.volumeMounts),
            },
          ],
        },
      },
    },
  };
}

/** What the Job tries; each line of its log is a finding, and its exit code says whether all was well. */
function trial(repositories: readonly string[]): string {
  return `failed=0
try() {
  what=$1
  shift
  if said=$("$@" 2>&1); then echo "ok      $what"; else echo "FAILED  $what: $said"; failed=1; fi
}
no_token() { ! [ -e /var/run/secrets/kubernetes.io/serviceaccount/token ]; }
no_root() { [ "$(id -u)" != 0 ]; }
holds_files() { [ -n "$(ls -A "$1")" ]; }
try "not root" no_root
try "no token of the Kubernetes API" no_token
try "python3 runs" python3 -c pass
try "scratch can be written" touch "\${TMPDIR:-/pilotdir}/atlas-site-check"
${repositories.map((name) => `try "/cvmfs/${name}" holds_files "/cvmfs/${name}"`).join("\n")}
exit $failed
`;
}
