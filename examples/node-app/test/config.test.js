import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../dist/config.js';

test('the port has a default', () => assert.equal(readConfig({}).port, 3000));
test('a port that is no number is refused', () => assert.throws(() => readConfig({ PORT: 'x' }), /PORT/));
