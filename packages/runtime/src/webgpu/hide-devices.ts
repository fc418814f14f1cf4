import { dirname } from 'node:path'

/** Mounts each of `$1` files over itself so that no device behind it can be opened, and becomes the rest of the line. */
const HIDE = `count=$1; mount=$2; shift 2
while [ "$count" -gt 0 ]; do "$mount" -o bind,nodev "$1" "$1" || exit 1; shift; count=$((count - 1)); done
exec "$@"`

/**
 * Returns the command of `namespaceWrapper` with a mount namespace in which these device files cannot be opened: so that
 * a driver finds the others alone. It must run before privileges are dropped, and is itself the process until then.
 */
export function hidingWrapper(wrapper: readonly string[], files: readonly string[]): readonly string[] {
  const at = wrapper.findIndex((word) => word.endsWith('/setpriv'))
  const [unshare = '', ...namespaces] = wrapper.slice(0, at)
  if (files.length === 0 || at < 0) return wrapper
  const hide = ['/bin/sh', '-c', HIDE, 'sh', String(files.length), `${dirname(unshare)}/mount`, ...files]
  return [unshare, '--mount', ...namespaces, ...hide, ...wrapper.slice(at)]
}
