/** What counts as the inside of a server in the text of an error, and what does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findLeakedDetails } from '../../suites/robust/leaked-details.js';

const DISCLOSING: readonly (readonly [string, string])[] = [
  ['a stack trace', 'Error: no\n    at read (/app/server.js:12:5)'],
  ['a stack trace', '{"stack":"Error\\n    at async file:///srv/api/main.mjs:3:1"}'],
  ['a stack trace', 'Traceback (most recent call last):\n  File "/app/polar/main.py", line 12, in read'],
  ['a stack trace', 'at com.example.Token.read(Token.java:41)'],
  ['a stack trace', 'goroutine 12 [running]:'],
  ['SQL', 'near "x": SELECT id, name FROM clients WHERE id = $1'],
  ['SQL', '(sqlalchemy.exc.DataError) invalid byte sequence'],
  ['a file path of the server', '{"detail":"cannot open /usr/lib/app/config"}'],
  ['a file path of the server', '<p>not found: C:\\inetpub\\site</p>'],
  ['the debug page of a framework', '<title>Action Controller: Exception caught</title>'],
];

const HARMLESS: readonly string[] = [
  '{"error":"invalid_grant","error_description":"The code is unknown, expired or used."}',
  '{"error":"invalid_request","error_uri":"https://auth.example.com/usr/docs/errors"}',
  '<!doctype html><link href="/app/main.css"><script>load("/app/main.js")</script><p>Not found at 10:30:12</p>',
  '<p>Please select a plan from the list, or update your settings.</p>',
  '{"detail":[{"type":"missing","loc":["body","grant_type"],"msg":"Field required"}]}',
];

describe('internals in an error', () => {
  for (const [kind, text] of DISCLOSING) {
    it(`are found: ${kind} in ${text.slice(0, 40)}`, () => {
      assert.equal(findLeakedDetails(text, [])?.kind, kind);
    });
  }

  for (const text of HARMLESS) {
    it(`aren't found in ${text.slice(0, 50)}`, () => {
      assert.equal(findLeakedDetails(text, []), null);
    });
  }

  it('are not what the request itself contained', () => {
    const path = '/home/carol/notes.txt';
    assert.notEqual(findLeakedDetails(`unknown value ${path}`, []), null);
    assert.equal(findLeakedDetails(`unknown value ${path}`, [path]), null);
  });
});
