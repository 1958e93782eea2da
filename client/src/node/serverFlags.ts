/**
 * With what Node runs the server. A third less memory for half a millisecond per keystroke; and one thread behind the server's own, as four of
 * them take memory, and on a small machine time from it. `npm run bench` measures with the same.
 */
export const serverFlags: readonly string[] = ['--optimize-for-size', '--v8-pool-size=1'];
