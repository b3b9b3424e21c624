import { Button } from '@mantine/core'
import styles from './ui.module.css'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

export function LoadMore({ pages, what }: { pages: Pages; what: string }) {
  if (!pages.hasNextPage) return null
  return (
    <div className={styles.more}>
      <Button variant="default" size="sm" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
        Show more {what}
      </Button>
    </div>
  )
}
