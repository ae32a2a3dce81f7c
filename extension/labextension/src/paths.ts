/** A file's path as it is seen from the folder of another one; both are given from the server's root. */
export function pathFrom(other: string, file: string): string {
  const here = other.split('/').slice(0, -1);
  const there = file.split('/');
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) {
    shared++;
  }
  return [...here.slice(shared).map(() => '..'), ...there.slice(shared)].join('/');
}
