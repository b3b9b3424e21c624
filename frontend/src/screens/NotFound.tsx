import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { EmptyState } from '../ui/EmptyState'
import { Page } from '../ui/Page'

export default function NotFound() {
  return (
    <Page title="Nothing here">
      <EmptyState
        icon="question"
        title="This page does not exist"
        actions={
          <Button component={Link} href="/journeys">
            All journeys
          </Button>
        }
      >
        The address may have a slip in it, or what was here has been deleted.
      </EmptyState>
    </Page>
  )
}
