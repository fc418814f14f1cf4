import type { ReactNode } from 'react'

/** Shows a boxed message; `action` stands beside it. */
export function Notice(props: {
  tone: 'plain' | 'warn' | 'bad'
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <section className={`notice ${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'}>
      <div>
        <h2>{props.title}</h2>
        <p>{props.children}</p>
      </div>
      {props.action}
    </section>
  )
}
