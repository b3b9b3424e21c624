/** The frame around every room: where one is, who one is, and in the sample, when. */
import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useSignIn } from '../api/session'
import type { Session, User } from '../api/types'
import { Mark } from '../ui/Mark'
import { failed } from '../ui/notify'
import { Icon, type IconName } from './icons'
import { NowProvider } from './now'
import { SampleBar } from './SampleBar'
import styles from './Shell.module.css'

const ROOMS: { path: string; label: string; icon: IconName }[] = [
  { path: '/journeys', label: 'Journeys', icon: 'journeys' },
  { path: '/contacts', label: 'Contacts', icon: 'people' },
  { path: '/inbox', label: 'Test inbox', icon: 'inbox' },
  { path: '/activity', label: 'Activity', icon: 'activity' },
  { path: '/settings', label: 'Settings', icon: 'settings' },
]

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const [path] = useLocation()
  // The canvas wants the width: there the words step back and the icons stay.
  const isSlim = /^\/journeys\/\d+/.test(path)
  return (
    <NowProvider session={session}>
      <div className={styles.frame} data-slim={isSlim || undefined}>
        <a href="#main" className={styles.skip}>
          Skip to content
        </a>
        <nav className={styles.nav} aria-label="Rooms">
          <Link href="/journeys" className={styles.brand}>
            <Mark size={32} />
            <span className={styles.brandName}>
              <strong>Sojourn</strong>
              <span>{session.workspace?.name}</span>
            </span>
          </Link>
          <ul>
            {ROOMS.map((room) => (
              <li key={room.path}>
                <Link
                  href={room.path}
                  className={styles.room}
                  aria-current={path.startsWith(room.path) ? 'page' : undefined}
                  title={isSlim ? room.label : undefined}
                >
                  <Icon name={room.icon} size={20} />
                  <span>{room.label}</span>
                </Link>
              </li>
            ))}
          </ul>
          {session.user && <Me user={session.user} />}
        </nav>
        <div className={styles.side}>
          {session.workspace?.mode === 'sample' && <SampleBar />}
          <main id="main" className={styles.main} tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
    </NowProvider>
  )
}

function Me({ user }: { user: User }) {
  const { signOut } = useSignIn()
  const name = user.name || user.email
  return (
    <Menu position="right-end" width={232} shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles.me}>
          <span className={styles.avatar} aria-hidden>
            {initials(name)}
          </span>
          <span className={styles.meName}>
            {name}
            <VisuallyHidden>: theme and log out</VisuallyHidden>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <div className={styles.theme}>
          <ThemeSwitch />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="signout" size={17} />}
          onClick={() => signOut().catch((error) => failed(error, 'You are still logged in'))}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const face = (icon: IconName, label: string) => (
    <span className={styles.themeFace} title={label}>
      <Icon name={icon} size={17} />
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  )
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Theme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
      data={[
        { value: 'light', label: face('sun', 'Light') },
        { value: 'dark', label: face('moon', 'Dark') },
        { value: 'auto', label: face('screen', 'As the system') },
      ]}
    />
  )
}

function initials(name: string): string {
  const parts = name.split(/[\s@._-]+/).filter(Boolean)
  return ((parts[0]?.[0] ?? '') + (parts[1]?.[0] ?? '')).toUpperCase()
}
