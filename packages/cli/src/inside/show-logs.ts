import { type LogNews, logsOf } from '@souk/requester'
import type { InsideSession } from '../owner.ts'
import { writeOut } from './write-out.ts'

/** How a log is shown: each stream as what it is, standard error alone, or JSON documents, one a line. */
export type LogForm = 'both' | 'stderr' | 'json'

/** Shows what an attempt writes until it ends. Throws `SessionError`. */
export async function showLogs(session: InsideSession, form: LogForm): Promise<void> {
  for await (const news of logsOf(session)) await showNews(news, form)
}

async function showNews(news: LogNews, form: LogForm): Promise<void> {
  if (form === 'json') return writeOut(process.stdout, Buffer.from(`${JSON.stringify(document(news))}\n`))
  if (news.kind === 'gap') {
    process.stderr.write(`souk: ${news.bytes} bytes that were written here are no longer kept\n`)
  } else if (form === 'both') {
    await writeOut(news.stream === 'stdout' ? process.stdout : process.stderr, news.bytes)
  } else if (news.stream === 'stderr') {
    await writeOut(process.stdout, news.bytes)
  }
}

function document(news: LogNews) {
  if (news.kind === 'gap') return news
  return { ...news, bytes: Buffer.from(news.bytes).toString('base64') }
}
