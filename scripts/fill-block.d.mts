export function fillBlock(page: string, name: string, markdown: string): Promise<void>;
