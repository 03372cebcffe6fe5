/** Something that the person who typed the command can mend: printed as one message, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  static is(error: unknown): error is UsageError {
    return error instanceof UsageError;
  }
}
