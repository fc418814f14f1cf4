import { type ReactNode, useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** What is wrong with it; it takes the hint's place. */
  readonly error: string | undefined
  readonly hint: string
  readonly unit?: string
  readonly numeric?: boolean
  readonly placeholder?: string
  readonly disabled?: boolean
  /** Stands beside the input: a button that fills it in. */
  readonly children?: ReactNode
}

/** One labelled input with a line below it, whose place is kept. */
export function Field(props: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <div className={props.error === undefined ? 'input' : 'input wrong'}>
        <input
          id={id}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          inputMode={props.numeric ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          disabled={props.disabled}
          aria-invalid={props.error !== undefined}
          aria-describedby={`${id}-below`}
        />
        {props.unit !== undefined && <span className="unit">{props.unit}</span>}
        {props.children}
      </div>
      <p id={`${id}-below`} className={props.error === undefined ? 'hint' : 'hint bad'}>
        {props.error ?? props.hint}
      </p>
    </div>
  )
}
