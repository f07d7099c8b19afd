/** A request to restart, as it is handed over. */
import type { Ticket } from '../report/restart-ticket.js';
import type { TicketPart } from './control-part.js';

export function partOfTicket({ since, started, failure }: Ticket): TicketPart {
  return { since, ...(started && { started }), ...(failure && { failure }) };
}

export function ticketOf({ since, started, failure }: TicketPart): Ticket {
  return { since, started, failure };
}
