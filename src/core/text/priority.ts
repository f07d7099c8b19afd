/** How important a line of the log is, for journals that keep that. */
export type Priority = 'information' | 'warning' | 'error';
