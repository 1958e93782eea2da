export interface StubFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}
export const stubFiles = (): StubFile[] => [];
