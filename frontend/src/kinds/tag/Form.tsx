import { TagsInput } from '@mantine/core'
import { useTagChoices } from '../../conditions/choices'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import type { TagConfig } from './definition'

export function TagForm(props: FormProps) {
  const { add = [], remove = [] } = props.node.config as TagConfig
  const known = [...useTagChoices()]
  return (
    <div className={styles.form}>
      <TagsInput
        label="Put on"
        placeholder={add.length === 0 ? 'A tag, then Enter' : undefined}
        data={known}
        value={[...add]}
        acceptValueOnBlur
        error={errorAt(props, 'add')}
        onChange={(tags) => props.edit({ add: tags }, 'add')}
      />
      <TagsInput
        label="Take off"
        placeholder={remove.length === 0 ? 'A tag, then Enter' : undefined}
        data={known}
        value={[...remove]}
        acceptValueOnBlur
        error={errorAt(props, 'remove')}
        onChange={(tags) => props.edit({ remove: tags }, 'remove')}
      />
    </div>
  )
}
