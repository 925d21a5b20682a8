// SPDX-License-Identifier: Apache-2.0
// Expands documents through jsonld.js: node expand.mjs FILE; the file has {contexts, documents} as
// JSON. Prints the N-Quads of each document, in order, as a JSON array.
import { readFileSync } from "node:fs";
import jsonld from "jsonld";

const { contexts, documents } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const documentLoader = async (url) => {
  if (!(url in contexts)) throw new Error(`${url} is not to be fetched`);
  return { document: contexts[url], documentUrl: url, contextUrl: null };
};
const found = [];
for (const document of documents) {
  found.push(await jsonld.toRDF(document, { format: "application/n-quads", documentLoader }));
}
process.stdout.write(JSON.stringify(found));
