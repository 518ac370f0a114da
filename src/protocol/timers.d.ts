// The two globals that both Node and browsers have; this zone loads the types of neither.
declare function setTimeout(run: () => void, ms: number): number;
declare function clearTimeout(timer: number): void;
