import { useJourneyActions } from '../../api/journeys'
import { useOutcomes } from '../../live/counts'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { people } from '../../ui/format'
import { done } from '../../ui/notify'
import { usePlace } from './context'

export function StopDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { journey, counts, refresh } = usePlace()
  const { stop } = useJourneyActions()
  const inside = useOutcomes(counts)?.inside ?? 0
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title="Stop this journey for good?"
      action="Stop the journey"
      typed={inside > 0 ? 'stop' : undefined}
      onClose={onClose}
      onConfirm={async () => {
        const answer = await stop(journey.id)
        await refresh()
        done(`Stopped. ${people(answer.people)} left the journey.`)
      }}
    >
      <p>
        {inside > 0
          ? `${people(inside)} ${inside === 1 ? 'is' : 'are'} inside and will leave at once. Messages that are not sent yet are not sent. This can’t be undone.`
          : 'Nobody is inside. Nobody will enter any more.'}
      </p>
      <p className="muted" style={{ marginTop: 8 }}>
        To hold everyone where they are for a while, pause it instead. All counts and messages stay.
      </p>
    </ConfirmDialog>
  )
}
