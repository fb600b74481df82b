/** Names whose value is a credential, when it is written out, and values that only stand for one. */
import { isUserAndPassword } from "./credentialForms";

/** Endings of names, in lower case with `_` between the words. */
const PASSWORD =
  /(?:password|passwd|passphrase|(?:^|[_.-])(?:pass|pwd|pw)|(?:db|pg|sql|redis|root|admin|user|grid|ldap|smtp)(?:pass|pwd|pw))$/;
const SECRET = /(?:^|[_.-])(?:secret|clientsecret)$/;
const KEY =
  /(?:^|[_.-])(?:(?:api|access|private|secret|auth|account|batch|storage|shared|master|signing|encryption|fernet|session|cookie)[_.-]?key|key[_.-]?content|accountkey)$/;
const TOKEN = /(?:^|[_.-])(?:token|jwt|bearer)$/;
const CREDENTIALS = /(?:^|[_.-])credentials?$/;
const AUTH = /(?:^|[_.-])auth$/;

/** Tokens that no client shows: of language models and parsers, of a page of results, and limits of their number. */
const OTHER_TOKENS =
  /(?:^|[_.-])(?:max|min|num|eos|bos|pad|unk|sep|cls|mask|stop|start|end|special|next|page|continuation|use|csrf|xsrf|initial[_.-]cluster)[_.-]token$/;

/** Names of Secret objects, rather than what is in them. */
const OF_OBJECTS = /(?:tls|cert|certificate|pull|existing|ingress|class|credentials)[_.-]secret$/;
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Values that stand for something else: a path, a reference, a place to fill in, a switch, a time. */
const HARMLESS: readonly RegExp[] = [
  /^$/,
  /^(?:~|\.{1,2})?\/\S*$/,
  /^[A-Za-z_.-]+(?:\/[A-Za-z_.-]+)+$/,
  /^\$|\$[({]|\{\{|^%\w+%$|^%[a-z]$/,
  /^(?:file|env|vault|secret|ssm|sm|keyvault|gcpsm|awssm|op|arn|ref\+\w+):/i,
  /@azurekeyvault$/,
  /^[<[].*[>\]]$/,
  /^(?:[*#.?_-]{3,}|x{4,})$/i,
  /\b(?:your|insert|replace|placeholder|redacted|todo|tbd)(?:[\s_-]|me\b|$)/i,
  /^(?:true|false|yes|no|y|n|on|off|none|null|nil|undefined|never|always|enabled?|disabled?|optional|required|include|omit|same-origin)$/i,
  /^(?:\d+(?:ms|[smhdwy]))+$/i,
  /^\d{1,3}$/,
  /^x(?:-[a-z]+)+$/i,
];

/** Ways to authenticate, not what one authenticates with. */
const METHODS =
  /^(?:basic|bearer|digest|oidc|oauth2?|ldap|saml|sso|jwt|x509(?:_proxy)?|userpass|kerberos|gss|token|password|anonymous|default|auto|iam|mtls|tls)$/i;

/** Whether a value under this name is a credential written out. */
export function isCredentialUnder(name: string, given: string): boolean {
  const value = given.trim().replace(/^(["'])(.*)\1$/, "$2");
  const base = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  if (HARMLESS.some((pattern) => pattern.test(value))) {
    return false;
  }
  if (PASSWORD.test(base)) {
    return true;
  }
  // A number, the name itself, or the name of another variable.
  if (/^\d{1,9}$/.test(value) || value.toLowerCase() === base || /^[A-Z]+(?:_[A-Z]+)+$/.test(value)) {
    return false;
  }
  // A label of a metric or a key of a reference: `secret="proxy-secret"`.
  if (base === "secret" && /^[a-z]+(?:-[a-z]+)+$/.test(value)) {
    return false;
  }
  if (SECRET.test(base)) {
    return !(OF_OBJECTS.test(base) && OBJECT_NAME.test(value));
  }
  if (AUTH.test(base)) {
    return /^[^\s:]+:[^\s:]+$/.test(value) || isUserAndPassword(value) || isRandom(value);
  }
  const named = KEY.test(base) || CREDENTIALS.test(base) || (TOKEN.test(base) && !OTHER_TOKENS.test(base));
  return named && !METHODS.test(value);
}

/** Whether a text of one word mixes letters and digits, as drawn ones do and words do not. */
function isRandom(value: string): boolean {
  return /^\S{8,}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value) && !/[-_/.]/.test(value);
}
