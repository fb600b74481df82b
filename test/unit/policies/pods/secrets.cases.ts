import { noCredentialsInConfigMap } from "../../../../policies/pods/noCredentialsInConfigMap";
import { noCredentialsInEnv } from "../../../../policies/pods/noCredentialsInEnv";
import { noDefaultServiceAccount } from "../../../../policies/pods/noDefaultServiceAccount";
import { noSecretsInEnv } from "../../../../policies/pods/noSecretsInEnv";
import { noServiceAccountToken } from "../../../../policies/pods/noServiceAccountToken";
import { proxySecretGuarded } from "../../../../policies/pods/proxySecretGuarded";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const env = (variable: string) => pod(`containers: [{ name: a, env: [${variable}] }]`);
const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: ${data}\n`;
const proxy = (secret: string, mount = "readOnly: true") =>
  `containers: [{ name: a, volumeMounts: [{ name: p, mountPath: /proxy, ${mount} }] }]\nvolumes: [{ name: p, secret: { secretName: proxy-secret, ${secret} } }]`;

/** Cases of the policies on secrets, proxies, tokens and accounts. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noSecretsInEnv,
    pass: { "a ConfigMap": env("{ name: A, valueFrom: { configMapKeyRef: { name: c, key: k } } }") },
    fail: {
      "a key of one": {
        given: env("{ name: A, valueFrom: { secretKeyRef: { name: s } } }"),
        tells: 'has a secret in "A"',
      },
      "a whole one": {
        given: pod("initContainers: [{ name: a, envFrom: [{ secretRef: { name: s } }] }]"),
        tells: "spec.initContainers[0].envFrom[0].secretRef",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "where from": env("{ name: A, valueFrom: !unknown }") },
  },
  {
    policy: noCredentialsInEnv,
    pass: {
      "a path": env("{ name: X509_USER_PROXY_SECRET, value: /proxy/x509 }"),
      "a reference": env("{ name: DB_PASSWORD, value: '$(PASSWORD_FROM_FILE)' }"),
      "a switch": env("{ name: AUTOMOUNT_TOKEN, value: 'false' }"),
      "a name that only sounds alike": env("{ name: TOKENIZER, value: fast }"),
      "an address": env("{ name: URL, value: 'https://panda.example:25443/server' }"),
      "words about bearers": env("{ name: HELP, value: 'send bearer authenticationheaders' }"),
      "the name of a key": env("{ name: SORT_KEY, value: priority }"),
    },
    fail: {
      "a key that lost dashes": {
        given: env("{ name: X, value: '---BEGIN OPENSSH PRIVATE KEY---' }"),
        tells: "has a private key",
      },
      "a bearer's token": { given: env("{ name: X, value: 'bearer abcdef0123456789' }"), tells: "a bearer's token" },
      "a cloud's key": { given: env("{ name: AZURE_BATCH_KEY, value: xxx }"), tells: "a credential in clear" },
      "a key's content": { given: env("{ name: OCI_CLI_KEY_CONTENT, value: xxx }"), tells: "a credential in clear" },
      "by its name": { given: env("{ name: DB_PASSWORD, value: hunter2 }"), tells: "spec.containers[0].env[0].value" },
      "in its command": {
        given: pod("containers: [{ name: a, args: [run, --db-password=opensesame] }]"),
        tells: 'spec.containers[0].args[1]: container "a" has a credential in clear (db-password) in its command',
      },
      "by its look": { given: env("{ name: X, value: AKIAABCDEFGHIJKLMNOP }"), tells: "access key" },
      "inside an address": {
        given: env("{ name: DB, value: 'mysql://u:hunter2@db/x' }"),
        tells: "password in an address",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the value": env("{ name: A, value: !unknown }") },
  },
  {
    policy: noCredentialsInConfigMap,
    pass: { configuration: configMap('{ "panda.cfg": "loglevel = debug", "ca.crt": "-----BEGIN CERTIFICATE-----" }') },
    fail: {
      "a key file": {
        given: configMap('{ "tls.pem": "-----BEGIN RSA PRIVATE KEY-----\\nMII" }'),
        tells: 'data["tls.pem"]: tls.pem holds a private key',
      },
      "by its name": { given: configMap("{ apiKey: abcdef }"), tells: "a credential in clear" },
      "in a line of a file": {
        given: configMap('{ "app.properties": "user=app\\ndb.password=hunter2\\nport=80" }'),
        tells: "app.properties holds a credential in clear (db.password)",
      },
      "in base64": {
        given: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\nbinaryData: { password: aHVudGVyMg== }\n`,
        tells: "binaryData.password",
      },
    },
    notApplicable: { "another kind": NO_POD },
    unknown: { "the data": configMap("!unknown"), "a value": configMap("{ a: !unknown }") },
  },
  {
    policy: proxySecretGuarded,
    pass: {
      guarded: job(proxy("defaultMode: 0400")),
      "in JSON's decimal": job(proxy("defaultMode: 256")),
    },
    fail: {
      "no mode said": { given: job(proxy("optional: true")), tells: "mode 0644" },
      "a mode for everybody": { given: job(proxy("defaultMode: 0444")), tells: "secret.defaultMode" },
      "one file for everybody": {
        given: job(proxy("defaultMode: 0400, items: [{ key: x, path: x, mode: 0444 }]")),
        tells: "items[0].mode",
      },
      "for writing": { given: job(proxy("defaultMode: 0400", "readOnly: false")), tells: "mounted for writing" },
      "no batch pod": { given: pod(proxy("defaultMode: 0400")), tells: "only batch pods" },
      "another name the site gives": {
        given: job("volumes: [{ name: v, secret: { secretName: voms } }]"),
        tells: "mode 0644",
        settings: { proxySecrets: ["voms"] },
      },
      projected: {
        given: job("volumes: [{ name: v, projected: { sources: [{ secret: { name: proxy-secret } }] } }]"),
        tells: "mode 0644",
      },
    },
    notApplicable: { "no pod": NO_POD, "no proxy": job("volumes: [{ name: v, secret: { secretName: other } }]") },
    unknown: { "the mode": job(proxy("defaultMode: !unknown")) },
  },
  {
    policy: noServiceAccountToken,
    pass: { "none mounted": job("automountServiceAccountToken: false") },
    fail: {
      "nothing said": { given: job("containers: []"), tells: "spec.template.spec.automountServiceAccountToken" },
      projected: {
        given: job(
          "automountServiceAccountToken: false\nvolumes: [{ projected: { sources: [{ serviceAccountToken: { path: t } }] } }]",
        ),
        tells: "volumes[0].projected.sources[0].serviceAccountToken",
      },
      "a certificate of the pod": {
        given: job(
          "automountServiceAccountToken: false\nvolumes: [{ projected: { sources: [{ podCertificate: { signerName: a.b/c } }] } }]",
        ),
        tells: "volumes[0].projected.sources[0].podCertificate",
      },
    },
    notApplicable: { "no pod": NO_POD, "no batch pod": pod("containers: []") },
    unknown: { whether: job("automountServiceAccountToken: !unknown") },
  },
  {
    policy: noDefaultServiceAccount,
    pass: {
      "one of its own": pod("serviceAccountName: squid"),
      "by the old key": pod("serviceAccount: squid"),
      "no token": pod("automountServiceAccountToken: false"),
    },
    fail: {
      "nothing said": { given: pod("containers: []"), tells: "spec.serviceAccountName" },
      "by name": { given: pod("serviceAccountName: default"), tells: "default account" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which account": pod("serviceAccountName: !unknown") },
  },
];
