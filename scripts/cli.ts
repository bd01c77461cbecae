#!/usr/bin/env node
/** The program's entry. Signals are answered before anything else is loaded; the rest is in main.ts. */
import './early-signals.js';

await import('./main.js');
