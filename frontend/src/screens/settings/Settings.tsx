import { Tabs } from '@mantine/core'
import { useLocation } from 'wouter'
import { Icon, type IconName } from '../../app/icons'
import { Page } from '../../ui/Page'
import { EmailSettings } from './EmailSettings'
import { KeySettings } from './KeySettings'
import { PeopleSettings } from './PeopleSettings'
import { WorkspaceSettings } from './WorkspaceSettings'

const PARTS: { name: string; label: string; icon: IconName; Part: () => React.ReactNode }[] = [
  { name: 'email', label: 'E-mail', icon: 'mail', Part: EmailSettings },
  { name: 'keys', label: 'Keys', icon: 'key', Part: KeySettings },
  { name: 'people', label: 'People', icon: 'people', Part: PeopleSettings },
  { name: 'workspace', label: 'Workspace', icon: 'building', Part: WorkspaceSettings },
]

export default function Settings({ part }: { part?: string }) {
  const [, go] = useLocation()
  const shown = PARTS.some(({ name }) => name === part) ? part : 'email'
  return (
    <Page title="Settings" isNarrow>
      <Tabs value={shown} onChange={(next) => go(`/settings/${next}`)} keepMounted={false}>
        <Tabs.List mb="lg">
          {PARTS.map(({ name, label, icon }) => (
            <Tabs.Tab key={name} value={name} leftSection={<Icon name={icon} size={17} />}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {PARTS.map(({ name, Part }) => (
          <Tabs.Panel key={name} value={name}>
            <Part />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
