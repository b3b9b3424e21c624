/** Who is looking decides the face of the app: first account, login, or the rooms. Every room is loaded when entered. */
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { whenSignedOut } from '../api/client'
import { SESSION, useSession } from '../api/session'
import type { Session } from '../api/types'
import { live } from '../live/client'
import { ErrorState } from '../ui/ErrorState'
import { Loading } from '../ui/Loading'
import { Boundary } from './Boundary'
import { Shell } from './Shell'

const Setup = lazy(() => import('../screens/welcome/Setup'))
const Login = lazy(() => import('../screens/welcome/Login'))
const Journeys = lazy(() => import('../screens/journeys/Journeys'))
const EditorScreen = lazy(() => import('../screens/editor/EditorScreen'))
const Contacts = lazy(() => import('../screens/contacts/Contacts'))
const ContactPage = lazy(() => import('../screens/contacts/ContactPage'))
const ContactImport = lazy(() => import('../screens/contacts/ContactImport'))
const TestInbox = lazy(() => import('../screens/inbox/TestInbox'))
const Activity = lazy(() => import('../screens/activity/Activity'))
const Settings = lazy(() => import('../screens/settings/Settings'))
const NotFound = lazy(() => import('../screens/NotFound'))

export function App() {
  const session = useSession()
  const cache = useQueryClient()

  useEffect(() => whenSignedOut(() => void cache.invalidateQueries({ queryKey: SESSION })), [cache])

  if (session.isPending) return <Loading fills="window" />
  if (!session.data) return <ErrorState error={session.error} onRetry={() => session.refetch()} />
  return (
    <Suspense fallback={<Loading fills="window" />}>
      <Door session={session.data} />
    </Suspense>
  )
}

function Door({ session }: { session: Session }) {
  const [path] = useLocation()
  const isSignedIn = session.user !== null
  useEffect(() => {
    if (!isSignedIn) return
    live.start()
    return () => live.stop()
  }, [isSignedIn])

  if (session.needs_setup) return <Setup />
  if (!isSignedIn) return <Login />
  if (path === '/setup' || path === '/login') return <Redirect to="/journeys" replace />
  return (
    <Shell session={session}>
      <Boundary at={path}>
        <Suspense fallback={<Loading fills="room" />}>
          <Rooms />
        </Suspense>
      </Boundary>
    </Shell>
  )
}

function Rooms() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/journeys" replace />
      </Route>
      <Route path="/journeys" component={Journeys} />
      <Route path="/journeys/:id">{({ id }) => <EditorScreen key={id} id={Number(id)} />}</Route>
      <Route path="/contacts" component={Contacts} />
      <Route path="/contacts/import" component={ContactImport} />
      <Route path="/contacts/:id">{({ id }) => <ContactPage key={id} id={Number(id)} />}</Route>
      <Route path="/inbox">
        <TestInbox />
      </Route>
      <Route path="/inbox/:id">{({ id }) => <TestInbox id={Number(id)} />}</Route>
      <Route path="/activity" component={Activity} />
      <Route path="/settings">
        <Settings />
      </Route>
      <Route path="/settings/:part">{({ part }) => <Settings part={part} />}</Route>
      <Route component={NotFound} />
    </Switch>
  )
}
