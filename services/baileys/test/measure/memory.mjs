import { FakeApi } from '../fakes/api.mjs';
import { measure } from './run.mjs';

const SESSIONS = 10;
const SETTLE_MS = 5_000;

const api = await new FakeApi().start();
await measure({ apiUrl: api.url, sessions: SESSIONS }, async ({ usage }) => {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { residentMb, peakMb } = await usage();
  process.stdout.write(`${SESSIONS} connected sessions: ${residentMb} MB resident, ${peakMb} MB at most\n`);
});
