/** The longest that a timer of Node can wait, in milliseconds; one that is set beyond it fires at once. */
export const longestTimerMs = 2 ** 31 - 1
