/** Sample time: the date everyone in the sample lives in, and the hand that moves it. */
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useSampleActions } from '../api/sample'
import type { Sample } from '../api/types'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { count, number } from '../ui/format'
import { done, failed } from '../ui/notify'
import { Icon } from './icons'
import { useLiveSample } from './now'
import styles from './SampleBar.module.css'
import { passedShare, shownAt, yearMarks } from './sampleClock'

const SPEEDS = [1, 2, 4, 8, 16]
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' })
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

export function SampleBar() {
  const { data: sample, dataUpdatedAt } = useLiveSample()
  if (!sample) return <div className={styles.bar} aria-hidden />
  return (
    <section className={styles.bar} aria-label="Sample time">
      <SampleDate sample={sample} heard={dataUpdatedAt} />
      <Transport sample={sample} />
      <ForReal sample={sample} />
    </section>
  )
}

/** Ticks on its own between two words from the server. */
function useShownAt(sample: Sample, heard: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!sample.playing) return
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [sample.playing])
  return shownAt(sample, heard, Math.max(now, heard))
}

function SampleDate({ sample, heard }: { sample: Sample; heard: number }) {
  const at = useShownAt(sample, heard)
  const share = passedShare(sample.from, sample.until, at)
  return (
    <>
      <div className={styles.date}>
        <span className={styles.badge}>Sample</span>
        <time dateTime={new Date(at).toISOString()}>
          <strong className="tabular">{date.format(at)}</strong>
          <span>
            {weekday.format(at)} · <span className="tabular">{number(sample.events_played)}</span> of{' '}
            {number(sample.events_total)} purchases
          </span>
        </time>
      </div>
      <div className={styles.years}>
        <div
          className={styles.track}
          role="progressbar"
          aria-label="Sample time passed"
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div className={styles.passed} style={{ width: `${share * 100}%` }} />
          {yearMarks(sample.from, sample.until).map(({ year, share: start }) => (
            <span key={year} className={styles.year} style={{ left: `${start * 100}%` }}>
              {year}
            </span>
          ))}
        </div>
      </div>
    </>
  )
}

function Transport({ sample }: { sample: Sample }) {
  const { play, pause, restart } = useSampleActions()
  const [isAsking, setAsking] = useState(false)
  // Choosing a speed must not set time going: while it stands still the choice waits for the play button.
  const [chosen, setChosen] = useState<number | null>(null)
  const speed = sample.playing ? sample.speed : (chosen ?? sample.speed)
  const run = (work: Promise<unknown>) => work.catch((error) => failed(error, 'The sample did not follow'))
  const isOver = sample.done && !sample.playing
  return (
    <div className={styles.transport}>
      <Tooltip label={isOver ? 'The sample has ended: start it again' : sample.playing ? 'Pause' : 'Play the sample'}>
        <ActionIcon
          size={38}
          radius={99}
          variant="filled"
          aria-label={isOver ? 'Start again' : sample.playing ? 'Pause the sample' : 'Play the sample'}
          onClick={() => (isOver ? setAsking(true) : run(sample.playing ? pause() : play(speed)))}
        >
          <Icon name={isOver ? 'restart' : sample.playing ? 'pause' : 'play'} size={19} />
        </ActionIcon>
      </Tooltip>
      <div className={styles.speed}>
        <SegmentedControl
          size="xs"
          aria-label="Days per second"
          value={String(speed)}
          data={SPEEDS.map(String)}
          onChange={(value) => {
            setChosen(Number(value))
            if (sample.playing) run(play(Number(value)))
          }}
        />
        <span>days a second</span>
      </div>
      {!isOver && (
        <Tooltip label="Back to the first day">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label="Start the sample again"
            onClick={() => setAsking(true)}
          >
            <Icon name="restart" size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title="Back to the first day?"
        action="Start again"
        isDestructive={false}
        onConfirm={restart}
        onClose={() => setAsking(false)}
      >
        Every passage through a journey and every message so far is taken away, for all{' '}
        {count(sample.contacts, 'sample customer')}. The journeys and what you drew stay as they are.
      </ConfirmDialog>
    </div>
  )
}

function ForReal({ sample }: { sample: Sample }) {
  const { startForReal } = useSampleActions()
  const [isAsking, setAsking] = useState(false)
  const [, go] = useLocation()
  return (
    <>
      <Button
        className={styles.real}
        variant="default"
        size="sm"
        rightSection={<Icon name="arrowRight" size={16} />}
        onClick={() => setAsking(true)}
      >
        Start for real
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Start for real?"
        action="Empty it and start"
        typed="start for real"
        onConfirm={async () => {
          await startForReal()
          go('/journeys')
          done('The workspace is yours. Time is the wall clock’s from now on.')
        }}
        onClose={() => setAsking(false)}
      >
        The sample goes away: {count(sample.contacts, 'sample customer')}, their purchases, the sample journeys and
        every test message. Accounts, keys and settings stay. From then on time is real, and messages go to the test
        inbox until you set up e-mail. This can’t be undone.
      </ConfirmDialog>
    </>
  )
}
