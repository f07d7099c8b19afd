export function measured(): string;
