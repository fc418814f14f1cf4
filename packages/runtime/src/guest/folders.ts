/** Where a program keeps what it may be resumed from (PROTOCOL §9), from the root. */
export const CHECKPOINT_FOLDER = 'checkpoint'
/** Where the files of the checkpoint lie that a task starts from. */
export const RESUMED_FOLDER = `${CHECKPOINT_FOLDER}/latest`
/** Where the secrets of an execution lie, from the root. */
export const SECRETS_FOLDER = 'run/secrets'
