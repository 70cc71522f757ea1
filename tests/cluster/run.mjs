// Two instances of the program on one PostgreSQL that is stopped under them:
//
//   ROLEBOOK_BINARY=… POSTGRES_PROGRAMS=/usr/lib/postgresql/…/bin node run.mjs

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
process.exitCode = spawnSync(process.execPath, ['--test', '--test-reporter=spec', 'cluster.test.mjs'], { cwd: here, stdio: 'inherit' }).status ?? 1;
