// Opens a licence of SCDN with WebCrypto alone: in a browser, Deno, Bun or Node.js 20 and later, without any library.
//
//   const key = await newViewerKey();
//   … POST /v1/site/play with {"content": …, "viewerKey": await publicJwk(key), "play": crypto.randomUUID()}
//   const { contentKey, expires, playsLeft } = await openLicence(answer.licence, key);
//
// A licence is a JWE in compact form (RFC 7516): ECDH-ES on P-256, agreed directly (RFC 7518, 4.6), with AES-256-GCM.

const ecdh = { name: 'ECDH', namedCurve: 'P-256' };

/** A key pair for one play. Its private half can be used, and never read. */
export const newViewerKey = () => crypto.subtle.generateKey(ecdh, false, ['deriveBits']);

/** The public half, as the request has it. */
export async function publicJwk(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { kty, crv, x, y };
}

/** What a licence says: {content, contentKey (32 bytes), expires (Date), playsLeft (null: not limited)}. Throws when it is not for this key, or was changed. */
export async function openLicence(licence, pair) {
  const fields = licence.split('.');
  if (fields.length !== 5 || fields[1] !== '') throw new Error('This is not a licence.');
  const [header, , nonce, encrypted, tag] = fields;
  const { alg, enc, epk, apu = '', apv = '', crit, zip } = JSON.parse(text(fromBase64Url(header)));
  if (alg !== 'ECDH-ES' || enc !== 'A256GCM' || crit !== undefined || zip !== undefined) throw new Error('This licence is wrapped in a way that is not known here.');

  // What both sides agree on, and from it the key: one round of the Concat KDF (NIST SP 800-56A), for 256 bits are as long as SHA-256.
  const sender = await crypto.subtle.importKey('jwk', { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y }, ecdh, false, []);
  const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: sender }, pair.privateKey, 256));
  const derived = await crypto.subtle.digest('SHA-256', join(number(1), agreed, sized(bytes(enc)), sized(fromBase64Url(apu)), sized(fromBase64Url(apv)), number(256)));

  const key = await crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['decrypt']);
  const parameters = { name: 'AES-GCM', iv: fromBase64Url(nonce), additionalData: bytes(header), tagLength: 128 };
  const plain = await crypto.subtle.decrypt(parameters, key, join(fromBase64Url(encrypted), fromBase64Url(tag)));
  const claims = JSON.parse(text(plain));
  return { content: claims.content, contentKey: fromBase64(claims.contentKey), expires: new Date(claims.expires), playsLeft: claims.playsLeft ?? null };
}

const bytes = (value) => new TextEncoder().encode(value);
const text = (value) => new TextDecoder().decode(value);
const fromBase64 = (value) => Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
const fromBase64Url = (value) => fromBase64(value.replace(/-/g, '+').replace(/_/g, '/'));

/** Four bytes, the highest first. */
function number(value) {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, value);
  return four;
}

const sized = (value) => join(number(value.length), value);

function join(...arrays) {
  const all = new Uint8Array(arrays.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const one of arrays) {
    all.set(one, at);
    at += one.length;
  }

  return all;
}
