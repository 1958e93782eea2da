/**
 * Milliseconds of processor time that the call takes. What else the machine has to do hardly counts: good for finding input that takes
 * forever, not for measuring.
 */
export function cpuTime(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
