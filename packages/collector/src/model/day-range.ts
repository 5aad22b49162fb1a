/** A start beyond these is a wrong clock. Each day is a partition, so they also bound how many parts a block can make. */
const OLDEST_DAYS = 400;
const NEWEST_DAYS = 2;

/** Whether something can have begun on this day, in days since the epoch. */
export function isInRange(day: number, today: number): boolean {
  return day >= today - OLDEST_DAYS && day <= today + NEWEST_DAYS;
}
