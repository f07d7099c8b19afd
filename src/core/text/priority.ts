/** How much a line of the log matters, for journals that keep that. */
export type Priority = 'information' | 'warning' | 'error';
