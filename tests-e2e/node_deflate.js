// node's ws against the echo server: several sets of parameters, four connections at once.
// Arguments: the server's url, and for wss the authority that has signed its certificate.
// Prints JSON: what was agreed, how many echoes came, what was wrong. Called by test_deflate.py and test_secure.py.
const fs = require('fs');
const WebSocket = require('ws');
const [url, authority] = process.argv.slice(2);
const trust = authority ? { ca: fs.readFileSync(authority) } : {};

const report = { agreed: [], echoes: 0, wrong: [] };

function text(size, seed) {
  const words = ['alpha', 'beta', 'gamma', 'delta', 'Grüße', '0123456789'];
  let out = '';
  for (let n = seed; out.length < size; n = (n * 1103515245 + 12345) & 0x7fffffff) out += words[(n >> 16) % words.length];
  return out.slice(0, size);
}

function talk(options, messages) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { ...trust, perMessageDeflate: options });
    let at = 0;
    ws.on('upgrade', (response) => report.agreed.push(response.headers['sec-websocket-extensions'] || ''));
    ws.on('error', reject);
    ws.on('open', () => ws.send(messages[0]));
    ws.on('message', (data, isBinary) => {
      const wanted = messages[at];
      const same = isBinary ? Buffer.compare(data, Buffer.from(wanted)) === 0 : data.toString() === wanted;
      if (!same) report.wrong.push(`${JSON.stringify(options)} message ${at}`);
      report.echoes++;
      at++;
      if (at === messages.length) ws.close(1000, 'done');
      else ws.send(messages[at]);
    });
    ws.on('close', (code) => {
      if (code !== 1000) report.wrong.push(`closed with ${code}`);
      resolve();
    });
  });
}

const sizes = [0, 1, 125, 126, 1023, 1024, 1025, 4096, 65536, 300000];
const several = sizes.map((size) => text(size, size + 1)).concat(sizes.map((size) => Buffer.alloc(size, size % 251)));
const always = { threshold: 0 };

async function main() {
  await talk({ ...always }, several);
  await talk({ ...always, serverNoContextTakeover: true, clientNoContextTakeover: true }, several);
  await talk({ ...always, serverMaxWindowBits: 10, clientMaxWindowBits: 10 }, several);
  const many = (seed) => Array.from({ length: 100 }, (_, n) => text(4096, seed * 1000 + n));
  await Promise.all([1, 2, 3, 4].map((seed) => talk({ ...always }, many(seed))));
  console.log(JSON.stringify(report));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
